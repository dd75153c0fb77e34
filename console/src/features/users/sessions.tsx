/** How a user signs in: password, open sessions, tokens; each can be ended here. */

import { Button, Popconfirm, Table } from "antd";
import { answer, api, type Schemas } from "../../api/client";
import { useChange } from "../../api/query";
import { users } from "../../i18n/users";
import { useWords } from "../../i18n/words";
import { deviceOf } from "../../ui/device";
import { ActsHead } from "../../ui/list";
import { Moment, moment } from "../../ui/moment";
import { Facts } from "../../ui/page";
import { ProblemNote } from "../../ui/problem";
import { sortedBy } from "../../ui/sorted";
import { Answered } from "../../ui/state";
import { useCredentials } from "./queries";

const STALE = [["users", "credentials"]];

export function Sessions(props: { user: string }) {
  const say = useWords(users);
  const found = useCredentials(props.user);
  const path = { user: props.user };
  const end = useChange(
    (session: string) =>
      answer(
        api.DELETE("/api/v1/users/{user}/sessions/{session}", {
          params: { path: { ...path, session } },
        }),
      ),
    STALE,
  );
  const endAll = useChange(
    () => answer(api.DELETE("/api/v1/users/{user}/sessions", { params: { path } })),
    STALE,
  );
  const revoke = useChange(
    (token: string) =>
      answer(
        api.DELETE("/api/v1/users/{user}/tokens/{token}", { params: { path: { ...path, token } } }),
      ),
    STALE,
  );
  return (
    <Answered of={found}>
      {({ credentials, sessions, tokens }) => (
        <>
          <Facts
            rows={[
              [
                say("password"),
                credentials.password
                  ? say("passwordSet", { at: moment(credentials.changed) })
                  : say("passwordNone"),
              ],
              ...(credentials.must_change ? ([["", say("passwordOnce")]] as const) : []),
              [say("failed"), credentials.failed],
            ]}
          />
          <div className="tools" style={{ padding: 0 }}>
            <h3 className="part">{say("openSessions")}</h3>
            <span className="rest">
              {sessions.items.length > 0 && (
                <Popconfirm
                  title={say("endAllWhy")}
                  okText={say("endAll")}
                  cancelText={say("cancel")}
                  onConfirm={() => endAll.mutate(undefined)}
                >
                  <Button danger size="small">
                    {say("endAll")}
                  </Button>
                </Popconfirm>
              )}
            </span>
          </div>
          <Table
            rowKey="id"
            size="small"
            pagination={false}
            dataSource={sessions.items}
            locale={{ emptyText: <span className="quiet">{say("noSessions")}</span> }}
            columns={[
              {
                key: "agent",
                ...sortedBy(!sessions.next, (row: Schemas["SessionShown"]) => deviceOf(row.agent)),
                title: say("device"),
                ellipsis: true,
                render: (_, row) => deviceOf(row.agent),
              },
              {
                key: "address",
                ...sortedBy(!sessions.next, (row: Schemas["SessionShown"]) => row.address),
                title: say("address"),
                width: 110,
                render: (_, row) => row.address ?? "–",
              },
              {
                key: "used",
                ...sortedBy(!sessions.next, (row: Schemas["SessionShown"]) => row.used),
                title: say("used"),
                width: 140,
                render: (_, row) => <Moment at={row.used} />,
              },
              {
                key: "ends",
                ...sortedBy(!sessions.next, (row: Schemas["SessionShown"]) => row.ends),
                title: say("ends"),
                width: 140,
                render: (_, row) => <Moment at={row.ends} />,
              },
              {
                key: "end",
                title: <ActsHead />,
                width: 80,
                render: (_, row) => (
                  <Button
                    size="small"
                    loading={end.isPending && end.variables === row.id}
                    onClick={() => end.mutate(row.id)}
                  >
                    {say("endSession")}
                  </Button>
                ),
              },
            ]}
          />
          <h3 className="part">{say("tokens")}</h3>
          <Table
            rowKey="id"
            size="small"
            pagination={false}
            dataSource={tokens.items}
            locale={{ emptyText: <span className="quiet">{say("noTokens")}</span> }}
            columns={[
              {
                key: "name",
                ...sortedBy(!tokens.next, (row: Schemas["TokenShown"]) => row.name),
                title: say("tokenName"),
                render: (_, row) => row.name,
              },
              { key: "scopes", title: say("scopes"), render: (_, row) => row.scopes.join(", ") },
              {
                key: "used",
                ...sortedBy(!tokens.next, (row: Schemas["TokenShown"]) => row.used),
                title: say("used"),
                width: 140,
                render: (_, row) => <Moment at={row.used} />,
              },
              {
                key: "ends",
                ...sortedBy(!tokens.next, (row: Schemas["TokenShown"]) => row.ends),
                title: say("ends"),
                width: 140,
                render: (_, row) => <Moment at={row.ends} />,
              },
              {
                key: "revoke",
                title: <ActsHead />,
                width: 90,
                render: (_, row) => (
                  <Button size="small" danger onClick={() => revoke.mutate(row.id)}>
                    {say("revoke")}
                  </Button>
                ),
              },
            ]}
          />
          <ProblemNote error={end.error ?? endAll.error ?? revoke.error} />
        </>
      )}
    </Answered>
  );
}
