/** The list of users: the model of every list. */

import { DownloadOutlined } from "@ant-design/icons";
import { App, Button, Checkbox, Select, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { list } from "../../i18n/list";
import { users } from "../../i18n/users";
import { useWords } from "../../i18n/words";
import { useLook } from "../../look";
import { useMay } from "../../session";
import { type Change, useAddress } from "../../ui/address";
import { csv, save } from "../../ui/csv";
import { ColumnChoice, ListFoot, SearchBox, underTop, useHidden, usePaging } from "../../ui/list";
import { PageHeader } from "../../ui/page";
import { PersonTag } from "../../ui/person";
import { sortedBy } from "../../ui/sorted";
import { Empty, Failed, Loading } from "../../ui/state";
import { type Column, useColumns } from "./columns";
import { UserDrawer } from "./drawer";
import { UserForm } from "./form";
import { useKindName } from "./parts";
import { allUsers, KINDS, type UserRow, useUsers, type Wanted, wantedOf } from "./queries";

const NAME_WIDTH = 200;

export default function Users() {
  const say = useWords(users);
  const { density } = useLook();
  const [search, go] = useAddress();
  const paging = usePaging();
  // Who holds the power by a delegation alone sees a part.
  const whole = useMay()(["guan.manage_users"]);
  const wanted = wantedOf(search);
  const found = useUsers({ ...wanted, limit: paging.limit, cursor: paging.cursor });
  const columns = useColumns();
  const [hidden, setHidden] = useHidden("users");
  const shown = columns.filter(({ key }) => !hidden.includes(key));
  const open = (id: string) => go({ user: id });
  const [creating, setCreating] = useState(false);
  const rows = found.data?.items ?? [];
  const isWhole = !paging.canGoBack && found.data !== undefined && !found.data.next;
  const tableColumns: TableColumnsType<UserRow> = [
    {
      key: "name",
      title: say("name"),
      width: NAME_WIDTH,
      fixed: "start",
      ...sortedBy(isWhole, ({ content }: UserRow) => content.name),
      render: (_, row) => (
        <Button type="link" className="plain" onClick={() => open(row.id)}>
          <PersonTag id={row.id} name={row.content.name} />
        </Button>
      ),
    },
    ...shown.map(({ key, title, width, render, plain }) => ({
      key,
      ...sortedBy(isWhole, plain),
      title,
      width,
      ellipsis: true,
      render: (_: unknown, row: UserRow) => render(row),
    })),
  ];
  return (
    <>
      <PageHeader
        title={say("title")}
        about={say("about")}
        acts={
          <Button type="primary" onClick={() => setCreating(true)}>
            {say("create")}
          </Button>
        }
      />
      <div className="sheet">
        <div className="tools">
          <SearchBox placeholder={say("search")} />
          <Filters />
          <span className="rest">
            <Export columns={columns} wanted={wanted} />
            <ColumnChoice all={columns} hidden={hidden} onChange={setHidden} />
          </span>
        </div>
        {found.error && !found.data ? (
          <Failed error={found.error} retry={() => void found.refetch()} />
        ) : (
          <Table
            rowKey="id"
            size={density === "compact" ? "small" : "middle"}
            columns={tableColumns}
            dataSource={rows}
            pagination={false}
            scroll={{ x: shown.reduce((sum, { width }) => sum + width, NAME_WIDTH) }}
            sticky={underTop}
            locale={{
              emptyText: found.isPending ? (
                <Loading />
              ) : (
                <Empty title={say("nothing")}>{say("nothingWhy")}</Empty>
              ),
            }}
          />
        )}
        <ListFoot
          shown={found.data && rows.length}
          next={found.data?.next}
          paging={paging}
          why={(isNarrowed(wanted) || !whole) && <Why wanted={wanted} />}
        />
      </div>
      {search.user && <UserDrawer key={search.user} user={search.user} />}
      {creating && <UserForm onClose={() => setCreating(false)} />}
    </>
  );
}

const isNarrowed = ({ kind, active, sets, search }: Wanted) =>
  [kind, active, sets, search].some((one) => one !== undefined);

function Why(props: { wanted: Wanted }) {
  const say = useWords(users);
  return (
    <>
      {say("why")} {isNarrowed(props.wanted) && say("filtered")}
    </>
  );
}

function Filters() {
  const say = useWords(users);
  const may = useMay();
  const kindName = useKindName();
  const [search, go] = useAddress();
  const set = (change: Change) => go({ ...change, cursor: undefined }, "replace");
  const kinds = KINDS.map((kind) => ({
    value: kind,
    label: say("kindFilter", { kind: kindName(kind) }),
  }));
  const statuses = (["active", "inactive"] as const).map((status) => ({
    value: status,
    label: say("statusFilter", { status: say(status) }),
  }));
  return (
    <>
      <Select
        style={{ width: 170 }}
        allowClear
        aria-label={say("kind")}
        placeholder={say("kind")}
        value={search.kind ?? null}
        options={kinds}
        onChange={(kind) => set({ kind: kind ?? undefined })}
      />
      <Select
        style={{ width: 190 }}
        allowClear
        aria-label={say("status")}
        placeholder={say("status")}
        value={search.status ?? null}
        options={statuses}
        onChange={(status) => set({ status: status ?? undefined })}
      />
      {may(["guan.manage_assignments"]) && (
        <Checkbox
          checked={search.sets === "none"}
          onChange={({ target }) => set({ sets: target.checked ? "none" : undefined })}
        >
          {say("withoutSets")}
        </Checkbox>
      )}
    </>
  );
}

function Export(props: { columns: readonly Column[]; wanted: Wanted }) {
  const say = useWords(list);
  const sayUsers = useWords(users);
  const { message } = App.useApp();
  const [done, setDone] = useState<number>();
  const run = async () => {
    setDone(0);
    try {
      const { rows, cut } = await allUsers(props.wanted, setDone);
      const head = [sayUsers("name"), ...props.columns.map(({ title }) => title)];
      const body = rows.map((row) => [
        row.content.name ?? "",
        ...props.columns.map(({ plain }) => plain(row)),
      ]);
      save("users.csv", csv([head, ...body]));
      if (cut) void message.warning(say("cut", { n: rows.length }));
    } catch (error) {
      void message.error(String(error));
    } finally {
      setDone(undefined);
    }
  };
  return (
    <Button icon={<DownloadOutlined />} loading={done !== undefined} onClick={() => void run()}>
      {done === undefined ? say("export") : say("exporting", { n: done })}
    </Button>
  );
}
