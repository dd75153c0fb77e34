/** The list of permission sets of every kind, and of groups of sets. */

import { DownloadOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Select, Table, type TableColumnsType } from "antd";
import { useMemo } from "react";
import { access } from "../../../i18n/access";
import { list } from "../../../i18n/list";
import { sets as words } from "../../../i18n/sets";
import { useWords } from "../../../i18n/words";
import { useLook } from "../../../look";
import { useAddress } from "../../../ui/address";
import { csv, save } from "../../../ui/csv";
import { SearchBox, underTop, WholeFoot } from "../../../ui/list";
import { moment } from "../../../ui/moment";
import { PageHeader } from "../../../ui/page";
import { sortedBy } from "../../../ui/sorted";
import { Answered, Empty } from "../../../ui/state";
import { useChanges } from "../changes";
import { useWorld, type World } from "../world";
import { SetDrawer } from "./drawer";
import { Risks } from "./parts";
import { REACHES_ALL, RISKS } from "./risks";
import { KINDS, type SetRow, setRows, sought } from "./rows";

const ROWS_MAX = 500;

export default function Sets() {
  const say = useWords(words);
  const world = useWorld();
  return (
    <>
      <PageHeader
        title={say("title")}
        about={say("about")}
        acts={
          <Link to={"/access-map" as string}>
            <Button>{say("map")}</Button>
          </Link>
        }
      />
      <Answered of={world}>{(data) => <List world={data} />}</Answered>
    </>
  );
}

function List(props: { world: World }) {
  const { policy, revision } = props.world;
  const say = useWords(words);
  const sayAccess = useWords(access);
  const sayList = useWords(list);
  const { density } = useLook();
  const [search, go] = useAddress();
  const all = useMemo(() => setRows(policy), [policy]);
  const rows = sought(all, {
    search: search.q ?? "",
    kind: search.kind ?? "",
    risk: search.risk ?? "",
  });
  const changes = useChanges(revision.number);
  const lastChange = ({ key, id }: SetRow) => {
    if (!changes.data) return { text: "", who: "", at: undefined };
    const entity = key.startsWith("set_group:") ? "set_groups" : "sets";
    const found = changes.data.of.get(`${entity}:${id}`);
    if (!found) return { text: say("older", { n: changes.data.since }), who: "", at: undefined };
    return { text: moment(found.at), who: found.author, at: found.at };
  };
  const columns: TableColumnsType<SetRow> = [
    {
      key: "name",
      title: say("name"),
      width: 300,
      fixed: "start",
      ...sortedBy(true, ({ name }: SetRow) => name),
      render: (_, row) => (
        <Button type="link" className="plain" onClick={() => go({ set: row.key })}>
          {row.name}
        </Button>
      ),
    },
    {
      key: "kind",
      title: say("kind"),
      width: 130,
      ...sortedBy(true, ({ kind }: SetRow) => sayAccess(kind)),
      render: (_, { kind }) => sayAccess(kind),
    },
    {
      key: "members",
      title: say("members"),
      width: 120,
      align: "end",
      ...sortedBy(true, ({ members }: SetRow) => members),
      render: (_, { members }) => <span className="number">{members}</span>,
    },
    {
      key: "objects",
      title: say("objects"),
      width: 110,
      align: "end",
      ...sortedBy(true, ({ objects }: SetRow) => objects),
      render: (_, { objects }) => <span className="number">{objects}</span>,
    },
    {
      key: "risks",
      title: say("risks"),
      width: 300,
      render: (_, row) => <Risks policy={policy} row={row} />,
    },
    {
      key: "change",
      title: say("lastChange"),
      width: 150,
      ...sortedBy(true, (row: SetRow) => lastChange(row).at),
      render: (_, row) => {
        const { text, who } = lastChange(row);
        return (
          <span className="number" title={who}>
            {text}
          </span>
        );
      },
    },
  ];
  const file = () => {
    const head = [
      say("name"),
      say("id"),
      say("kind"),
      say("members"),
      say("risks"),
      say("lastChange"),
    ];
    const body = rows.map((row) => [
      row.name,
      row.id,
      sayAccess(row.kind),
      String(row.members),
      row.risks.map((risk) => say(risk)).join(", "),
      lastChange(row).text,
    ]);
    save("permission-sets.csv", csv([head, ...body]));
  };
  return (
    <>
      <div className="sheet">
        <div className="tools">
          <SearchBox placeholder={say("search")} width={240} />
          <Select
            aria-label={say("kind")}
            value={search.kind ?? ""}
            style={{ width: 150 }}
            options={[
              { value: "", label: say("allKinds") },
              ...KINDS.map((kind) => ({ value: kind, label: sayAccess(kind) })),
            ]}
            onChange={(kind) => go({ kind: kind || undefined }, "replace")}
          />
          <Select
            aria-label={say("risks")}
            value={search.risk ?? ""}
            style={{ width: 180 }}
            options={[
              { value: "", label: say("anyRisk") },
              { value: REACHES_ALL, label: say("reachesAll") },
              ...RISKS.map((risk) => ({ value: risk as string, label: say(risk) })),
            ]}
            onChange={(risk) => go({ risk: risk || undefined }, "replace")}
          />
          <span className="rest">
            <Button icon={<DownloadOutlined />} onClick={file}>
              {sayList("export")}
            </Button>
          </span>
        </div>
        <Table
          rowKey="key"
          size={density === "compact" ? "small" : "middle"}
          columns={columns}
          dataSource={rows.slice(0, ROWS_MAX)}
          pagination={false}
          scroll={{ x: 1110 }}
          sticky={underTop}
          locale={{ emptyText: <Empty title={say("nothing")}>{say("nothingWhy")}</Empty> }}
        />
        <WholeFoot shown={Math.min(rows.length, ROWS_MAX)} all={all.length} why={say("why")} />
      </div>
      {search.set && <SetDrawer key={search.set} assigned={search.set} world={props.world} />}
    </>
  );
}
