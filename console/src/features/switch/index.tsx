/** Permission management: whether it is on, what waits for me, and every request there was. */

import { Link } from "@tanstack/react-router";
import { Alert, Segmented, Table } from "antd";
import { list } from "../../i18n/list";
import { offSwitch } from "../../i18n/switch";
import { waiting } from "../../i18n/waiting";
import { useWords } from "../../i18n/words";
import { useLook } from "../../look";
import { useMay } from "../../session";
import { useSwitch } from "../../switch";
import { useAddress } from "../../ui/address";
import { Brief } from "../../ui/brief";
import { ListFoot, underTop, usePaging } from "../../ui/list";
import { Moment } from "../../ui/moment";
import { PageHeader } from "../../ui/page";
import { PersonTag } from "../../ui/person";
import { sortedBy } from "../../ui/sorted";
import { Answered, Empty, Failed, Loading } from "../../ui/state";
import { at, Mark, OfflineNote, StateTag, useSentence } from "./parts";
import { type Shown, useNames, useRequests } from "./queries";

const SHOWN = ["mine", "moving", "done", "all"] as const;
type Which = (typeof SHOWN)[number];
const STATES: Partial<Record<Which, string>> = {
  moving: "draft,previewed,backed_up,approved,armed,open,closed,reported",
  done: "reviewed,refused,expired",
};

export default function Switch() {
  const say = useWords(offSwitch);
  const sayWaiting = useWords(waiting);
  const may = useMay();
  return (
    <>
      <PageHeader
        title={say("title")}
        about={say("about")}
        acts={
          <span className="links">
            <Link to={"/waiting-edits" as string} className="go">
              {sayWaiting("link")}
            </Link>
            <Link to={"/switch/settings" as string} className="go">
              {say("settings")}
            </Link>
            {may(["guan.manage_overlays"]) && (
              <Link to={"/switch/new" as string} className="ant-btn ant-btn-primary go main">
                {say("ask")}
              </Link>
            )}
          </span>
        }
      />
      <Standing />
      <Requests />
    </>
  );
}

function Standing() {
  const say = useWords(offSwitch);
  const found = useSwitch();
  return (
    <>
      <OfflineNote of={found} />
      <Answered of={found}>
        {(shown) => (
          <>
            {shown.safe_mode && (
              <Alert
                type="error"
                showIcon
                className="gap"
                title={say("safeMode", { why: shown.safe_mode })}
              />
            )}
            <Alert
              showIcon
              className="gap"
              type={shown.windows.length === 0 ? "success" : "error"}
              title={
                <strong>
                  {shown.windows.length === 0 ? say("on") : say("off", { n: shown.windows.length })}
                </strong>
              }
              description={
                shown.windows.length === 0 ? (
                  say("onWhy")
                ) : (
                  <>
                    {say("offWhy", { n: shown.windows.length, at: at(shown.effective_end) })}
                    {shown.windows.map((window) => (
                      <div key={window.overlay}>
                        {window.request && (
                          <Link to={`/switch/${window.request}` as string}>{say("look")}</Link>
                        )}
                        <Brief>{window.reason}</Brief>
                      </div>
                    ))}
                  </>
                )
              }
            />
          </>
        )}
      </Answered>
    </>
  );
}

function Requests() {
  const say = useWords(offSwitch);
  const [search, go] = useAddress();
  const waiting = useSwitch().data?.waiting ?? 0;
  const paging = usePaging();
  const which = SHOWN.find((one) => one === search.show) ?? (waiting > 0 ? "mine" : "all");
  const states = STATES[which];
  const found = useRequests({
    ...(which === "mine" && { waiting: true }),
    ...(states && { state: states }),
    ...(which === "all" && { limit: paging.limit, cursor: paging.cursor }),
  });
  return (
    <div className="sheet">
      <div className="tools">
        <Segmented
          aria-label={say("requests")}
          value={which}
          onChange={(show) => go({ show, cursor: undefined })}
          options={SHOWN.map((value) => ({
            value,
            label: value === "mine" && waiting > 0 ? `${say("mine")} (${waiting})` : say(value),
          }))}
        />
      </div>
      {found.error && !found.data ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Rows
          rows={found.data?.items ?? []}
          whole={found.data !== undefined && !found.data.next && !paging.canGoBack}
          empty={
            found.isPending ? (
              <Loading />
            ) : which === "mine" ? (
              <Empty title={say("nothingWaits")}>{say("nothingWaitsWhy")}</Empty>
            ) : (
              <Empty title={say("nothing")}>{say("nothingWhy")}</Empty>
            )
          }
        />
      )}
      <Foot
        which={which}
        shown={found.data?.items.length}
        next={found.data?.next}
        paging={paging}
      />
    </div>
  );
}

/** Only all requests come in pages; the others come at once. */
function Foot(props: {
  which: Which;
  shown: number | undefined;
  next: string | null | undefined;
  paging: ReturnType<typeof usePaging>;
}) {
  const sayList = useWords(list);
  if (props.which !== "all") {
    return (
      <div className="foot">
        <span className="number">
          {props.shown === undefined ? "…" : sayList("shown", { n: props.shown })}
        </span>
      </div>
    );
  }
  return <ListFoot shown={props.shown} next={props.next ?? undefined} paging={props.paging} />;
}

function Rows(props: {
  rows: readonly Shown[];
  /** Whether these are all of them, so that heads may sort. */
  whole: boolean;
  empty: React.ReactNode;
}) {
  const say = useWords(offSwitch);
  const sentence = useSentence();
  const nameOf = useNames();
  const { density } = useLook();
  return (
    <Table
      rowKey={({ request }) => request.id}
      size={density === "compact" ? "small" : "middle"}
      dataSource={[...props.rows]}
      pagination={false}
      scroll={{ x: 900 }}
      sticky={underTop}
      locale={{ emptyText: props.empty }}
      columns={[
        {
          key: "asked",
          ...sortedBy(props.whole, (row: Shown) => sentence(row.request.wanted)),
          title: say("asked"),
          width: 380,
          render: (_, { request }) => (
            <Link to={`/switch/${request.id}` as string}>{sentence(request.wanted)}</Link>
          ),
        },
        {
          key: "state",
          ...sortedBy(props.whole, (row: Shown) => row.request.state),
          title: say("state"),
          width: 150,
          render: (_, row) => (
            <>
              <StateTag of={row} /> <Mark of={row} />
            </>
          ),
        },
        {
          key: "by",
          ...sortedBy(props.whole, (row: Shown) => nameOf(row.request.requested_by)),
          title: say("by"),
          width: 150,
          render: (_, { request }) => (
            <PersonTag id={request.requested_by} name={nameOf(request.requested_by)} />
          ),
        },
        {
          key: "when",
          ...sortedBy(props.whole, (row: Shown) => row.request.drafted),
          title: say("when"),
          width: 160,
          render: (_, { request }) => <Moment at={request.drafted} seconds />,
        },
        {
          key: "reason",
          ...sortedBy(props.whole, (row: Shown) => row.request.wanted.reason),
          title: say("reason"),
          ellipsis: true,
          render: (_, { request }) => request.wanted.reason,
        },
      ]}
    />
  );
}
