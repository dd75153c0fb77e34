/** The records that are shared with a user, as far as the person may read them too. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Table } from "antd";
import { answer, api, type Schemas } from "../api/client";
import { rights as rightNames } from "../i18n/decision";
import { received } from "../i18n/received";
import { useWords } from "../i18n/words";
import { useSession } from "../session";
import { useObjectTitle } from "./choice";
import { usePrincipal } from "./decision";
import { useColleagueName } from "./directory";
import { WhyFew } from "./list";
import { Moment } from "./moment";
import { useNamed } from "./named";
import { PersonTag } from "./person";
import { Answered } from "./state";
import { RecordTag, useTitles } from "./titles";

const PAGE = 50;

type Row = Pick<Schemas["ReceivedShown"], "object" | "record"> & {
  key: string;
  rights: string;
  ends?: string | null | undefined;
  by?: string | null | undefined;
  cause?: string;
  /** The principal that a share names; absent for a place in the team. */
  to?: string;
  role?: string;
};

/** One row for each share, and each place in a team. */
export function rowsOf(items: readonly Schemas["ReceivedShown"][]): Row[] {
  return items.flatMap(({ object, record, shares, team }) => {
    const all = [...shares, ...team];
    return all.map((one, n) => ({ ...one, object, record, key: `${object} ${record} ${n}` }));
  });
}

function useReceived(user: string) {
  return useInfiniteQuery({
    queryKey: ["users", "received", user],
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) };
      const params = { path: { user }, query };
      return answer(api.GET("/api/v1/users/{user}/shares", { params }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: user !== "",
  });
}

export function Received(props: { user: string }) {
  const say = useWords(received);
  const title = useObjectTitle();
  const isMine = useSession().data?.user === props.user;
  const found = useReceived(props.user);
  const rows = rowsOf(found.data?.pages.flatMap(({ items }) => items) ?? []);
  const titles = useTitles(rows);
  return (
    <>
      <p className="quiet">{say(isMine ? "whyMine" : "why")}</p>
      <Answered of={found}>
        {() => (
          <>
            <Table<Row>
              rowKey="key"
              size="small"
              pagination={false}
              dataSource={rows}
              locale={{
                emptyText: <span className="quiet">{say(isMine ? "noneMine" : "none")}</span>,
              }}
              columns={[
                {
                  key: "record",
                  title: say("record"),
                  render: (_, row) => (
                    <>
                      <RecordTag {...row} titles={titles} />
                      <div className="quiet">{title(row.object)}</div>
                    </>
                  ),
                },
                {
                  key: "rights",
                  title: say("rights"),
                  width: 110,
                  render: (_, row) => <RightsOf row={row} />,
                },
                {
                  key: "how",
                  title: say("how"),
                  render: (_, row) => <How row={row} user={props.user} />,
                },
                { key: "by", title: say("by"), width: 170, render: (_, row) => <By row={row} /> },
                {
                  key: "until",
                  title: say("until"),
                  width: 150,
                  render: (_, { ends }) => (ends ? <Moment at={ends} /> : say("always")),
                },
              ]}
            />
            <div className="foot">
              <span className="number">{say("shown", { n: rows.length })}</span>
              {!isMine && <WhyFew>{say("few")}</WhyFew>}
              {found.hasNextPage && (
                <span className="rest">
                  <Button
                    size="small"
                    loading={found.isFetchingNextPage}
                    onClick={() => void found.fetchNextPage()}
                  >
                    {say("more")}
                  </Button>
                </span>
              )}
            </div>
          </>
        )}
      </Answered>
    </>
  );
}

function RightsOf(props: { row: Row }) {
  return useNamed(rightNames)(props.row.rights);
}

function How(props: { row: Row; user: string }) {
  const say = useWords(received);
  const principal = usePrincipal();
  const { to, role } = props.row;
  if (to !== undefined) return to === `user:${props.user}` ? say("direct") : principal(to);
  return role ? say("teamAs", { role }) : say("team");
}

function By(props: { row: Row }) {
  const say = useWords(received);
  const name = useColleagueName();
  const { by, cause } = props.row;
  if (by) return <PersonTag id={by} name={name(by)} />;
  return cause && cause !== "manual" ? say("rule", { cause }) : "–";
}
