/** Grants: assignments with their ends; renewed, changed and taken back here. */

import { useQuery } from "@tanstack/react-query";
import { Button, Segmented, Space, Table, Tag } from "antd";
import { useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { grants } from "../../i18n/grants";
import { useWords } from "../../i18n/words";
import { useLook } from "../../look";
import { useMay } from "../../session";
import { useAddress } from "../../ui/address";
import { usePrincipal } from "../../ui/decision";
import { everyRow } from "../../ui/directory";
import { GrantDrawer } from "../../ui/grant";
import { SearchBox, underTop, WholeFoot } from "../../ui/list";
import { Moment } from "../../ui/moment";
import { PageHeader } from "../../ui/page";
import { Revise } from "../../ui/revise";
import { sortedBy } from "../../ui/sorted";
import { isSought } from "../../ui/sought";
import { Answered, Empty } from "../../ui/state";
import { Term } from "../../ui/term";
import { byEnd, FILTERS, filterOf, type Grant, isShown, stateOf } from "./grants";
import { Timeline } from "./timeline";

const PAGE = 50;

export default function Grants() {
  const say = useWords(grants);
  const [search, go] = useAddress();
  const [revoking, setRevoking] = useState<Grant>();
  const found = useQuery({
    queryKey: ["assignments", "every"],
    queryFn: () =>
      everyRow((query) => answer(api.GET("/api/v1/assignments", { params: { query } }))),
  });
  const principal = usePrincipal();
  const changed = found.data?.find(({ id }) => id === search.grant);
  const close = () => go({ add: undefined, what: undefined, to: undefined, grant: undefined });
  return (
    <>
      <PageHeader
        title={say("title")}
        about={
          <>
            {say("about")} <Term name="grant" guide="access-requests" />
          </>
        }
        acts={
          <Button type="primary" onClick={() => go({ add: "yes" })}>
            {say("give")}
          </Button>
        }
      />
      <div className="sheet">
        <div className="tools">
          <SearchBox placeholder={say("search")} width={220} />
          <Segmented
            aria-label={say("title")}
            value={filterOf(search.show)}
            options={FILTERS.map((value) => ({ value, label: say(value) }))}
            onChange={(show) => go({ show: show === "all" ? undefined : show }, "replace")}
          />
          <span className="rest">
            <Segmented
              aria-label={say("look")}
              value={search.view === "time" ? "time" : "list"}
              options={[
                { value: "list", label: say("lookList") },
                { value: "time", label: say("time") },
              ]}
              onChange={(view) => go({ view: view === "time" ? view : undefined }, "replace")}
            />
          </span>
        </div>
        <Answered of={found}>{(all) => <Rows all={all} onRevoke={setRevoking} />}</Answered>
      </div>
      {search.add && <GrantDrawer from={fromAddress(search.what, search.to)} onClose={close} />}
      {changed && (
        <GrantDrawer key={changed.id} id={changed.id} from={changed.content} onClose={close} />
      )}
      {revoking && (
        <Revise
          danger
          title={say("revokeTitle", {
            what: principal(revoking.content.what),
            to: principal(revoking.content.to),
          })}
          edits={{ remove: [{ kind: "assignment", id: revoking.id }] }}
          onDone={() => setRevoking(undefined)}
          onCancel={() => setRevoking(undefined)}
        />
      )}
    </>
  );
}

/** What another screen suggests: an assignment that somebody still has to look at. */
function fromAddress(what: string | undefined, to: string | undefined) {
  return { ...(what ? { what } : {}), ...(to ? { to } : {}) } as Partial<Schemas["Assignment"]>;
}

function Rows(props: { all: readonly Grant[]; onRevoke: (grant: Grant) => void }) {
  const say = useWords(grants);
  const { density } = useLook();
  const principal = usePrincipal();
  // Who holds the power by a delegation alone sees a part.
  const whole = useMay()(["guan.manage_assignments"]);
  const [search, go] = useAddress();
  const now_ms = Date.now();
  const names = ({ content }: Grant) => [
    content.what,
    content.to,
    principal(content.what),
    principal(content.to),
  ];
  const rows = props.all
    .filter((grant) => isShown(grant, filterOf(search.show), now_ms))
    .filter((grant) => isSought(search.q ?? "", names(grant)))
    .sort(byEnd(now_ms));
  if (search.view === "time") return <Timeline rows={rows} now_ms={now_ms} />;
  return (
    <>
      <Table
        rowKey="id"
        size={density === "compact" ? "small" : "middle"}
        dataSource={rows}
        sticky={underTop}
        scroll={{ x: 980 }}
        pagination={rows.length > PAGE ? { pageSize: PAGE, showSizeChanger: false } : false}
        locale={{ emptyText: <Empty title={say("nothing")}>{say("nothingWhy")}</Empty> }}
        columns={[
          {
            key: "what",
            ...sortedBy(true, (row: Grant) => principal(row.content.what)),
            title: say("what"),
            width: 260,
            fixed: "start",
            render: (_, { content }) => principal(content.what),
          },
          {
            key: "to",
            ...sortedBy(true, (row: Grant) => principal(row.content.to)),
            title: say("to"),
            render: (_, { content }) => principal(content.to),
          },
          {
            key: "starts",
            ...sortedBy(true, (row: Grant) => row.content.starts),
            title: say("starts"),
            width: 140,
            render: (_, row) => <Moment at={row.content.starts} />,
          },
          {
            key: "ends",
            ...sortedBy(true, (row: Grant) => row.content.ends),
            title: say("ends"),
            width: 140,
            render: (_, row) => <Moment at={row.content.ends} />,
          },
          {
            key: "state",
            title: say("state"),
            width: 150,
            render: (_, row) => <StateTag grant={row} now_ms={now_ms} />,
          },
          {
            key: "acts",
            title: say("acts"),
            width: 170,
            render: (_, row) => (
              <Space>
                <Button size="small" onClick={() => go({ grant: row.id })}>
                  {say(row.content.ends ? "renew" : "change")}
                </Button>
                <Button size="small" danger onClick={() => props.onRevoke(row)}>
                  {say("revoke")}
                </Button>
              </Space>
            ),
          },
        ]}
      />
      <WholeFoot shown={rows.length} all={props.all.length} scoped={!whole} why={say("few")} />
    </>
  );
}

function StateTag(props: { grant: Grant; now_ms: number }) {
  const say = useWords(grants);
  const state = stateOf(props.grant, props.now_ms);
  if (state.is === "ended") return <span className="quiet">{say("endedAt")}</span>;
  if (state.is === "coming") return <Tag>{say("comingAt")}</Tag>;
  if (state.is === "lasting") return <span className="quiet">{say("lasting")}</span>;
  const n = state.n ?? 0;
  const soon = state.is === "hours" || n <= 7;
  return (
    <Tag className={soon ? "number soon" : "number"}>
      {say(state.is === "days" ? "daysLeft" : "hoursLeft", { n })}
    </Tag>
  );
}
