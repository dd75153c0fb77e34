/** Tokens of one's own, or of another user for who may: made, shown once, taken back. */

import { useQuery } from "@tanstack/react-query";
import { Button, Modal, Popconfirm, Table, Typography } from "antd";
import { useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { useChange, useIntention } from "../../api/query";
import { tokens } from "../../i18n/account";
import { useWords } from "../../i18n/words";
import { useMay, useSession } from "../../session";
import { useAddress } from "../../ui/address";
import { UserPicker } from "../../ui/choice";
import { Moment } from "../../ui/moment";
import { PageHeader } from "../../ui/page";
import { ProblemNote } from "../../ui/problem";
import { sortedBy } from "../../ui/sorted";
import { Answered, Empty } from "../../ui/state";
import { TokenForm } from "./form";

/** What is done for oneself and for others; for others under their name. */
const of = (user: string | undefined) => ({
  list: () =>
    user
      ? answer(
          api.GET("/api/v1/users/{user}/tokens", {
            params: { path: { user }, query: { limit: 200 } },
          }),
        )
      : answer(api.GET("/api/v1/me/tokens", { params: { query: { limit: 200 } } })),
  create: (body: Schemas["TokenBody"], key: string) => {
    const header = { "idempotency-key": key };
    return user
      ? answer(
          api.POST("/api/v1/users/{user}/tokens", { params: { path: { user }, header }, body }),
        )
      : answer(api.POST("/api/v1/me/tokens", { params: { header }, body }));
  },
  revoke: (token: string) =>
    user
      ? answer(
          api.DELETE("/api/v1/users/{user}/tokens/{token}", { params: { path: { user, token } } }),
        )
      : answer(api.DELETE("/api/v1/me/tokens/{token}", { params: { path: { token } } })),
});

export default function Tokens() {
  const say = useWords(tokens);
  const may = useMay();
  const me = useSession().data?.user;
  const [search, go] = useAddress();
  const user = search.user && search.user !== me ? search.user : undefined;
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<Schemas["TokenMade"]>();
  const intention = useIntention();
  const found = useQuery({ queryKey: ["tokens", user ?? ""], queryFn: of(user).list });
  const create = useChange(
    (body: Schemas["TokenBody"]) => of(user).create(body, intention.key()),
    [["tokens"]],
  );
  const revoke = useChange(of(user).revoke, [["tokens"]]);
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
        {may(["guan.manage_credentials"]) && (
          <div className="tools">
            <div style={{ width: 320 }}>
              <UserPicker
                label={say("of")}
                value={user ?? me}
                onChange={(next) => go({ user: next === me ? undefined : next }, "replace")}
              />
            </div>
          </div>
        )}
        <Answered of={found}>
          {({ items, next }) => (
            <Table
              rowKey="id"
              size="small"
              pagination={false}
              dataSource={items}
              scroll={{ x: 860 }}
              locale={{ emptyText: <Empty title={say("nothing")}>{say("nothingWhy")}</Empty> }}
              columns={[
                {
                  key: "name",
                  ...sortedBy(!next, (row: Schemas["TokenShown"]) => row.name),
                  title: say("name"),
                  width: 160,
                  fixed: "start",
                  render: (_, row) => row.name,
                },
                {
                  key: "scopes",
                  title: say("scopes"),
                  render: (_, row) => <span className="code">{row.scopes.join(", ")}</span>,
                },
                {
                  key: "networks",
                  title: say("networks"),
                  render: (_, row) => row.networks.join(", ") || say("anywhere"),
                },
                {
                  key: "made",
                  ...sortedBy(!next, (row: Schemas["TokenShown"]) => row.made),
                  title: say("made"),
                  width: 200,
                  render: (_, row) => (
                    <>
                      <Moment at={row.made} />{" "}
                      <div className="quiet">{say("by", { who: row.made_by })}</div>
                    </>
                  ),
                },
                {
                  key: "used",
                  ...sortedBy(!next, (row: Schemas["TokenShown"]) => row.used),
                  title: say("used"),
                  width: 140,
                  render: (_, row) => (row.used ? <Moment at={row.used} /> : say("never")),
                },
                {
                  key: "ends",
                  ...sortedBy(!next, (row: Schemas["TokenShown"]) => row.ends),
                  title: say("ends"),
                  width: 140,
                  render: (_, row) => (row.ends ? <Moment at={row.ends} /> : ""),
                },
                {
                  key: "acts",
                  title: say("acts"),
                  width: 90,
                  render: (_, row) => (
                    <Popconfirm
                      title={say("revokeWhy")}
                      okText={say("revoke")}
                      cancelText={say("cancel")}
                      onConfirm={() => revoke.mutate(row.id)}
                    >
                      <Button size="small" danger>
                        {say("revoke")}
                      </Button>
                    </Popconfirm>
                  ),
                },
              ]}
            />
          )}
        </Answered>
        <ProblemNote error={revoke.error} />
      </div>
      {creating && (
        <TokenForm
          busy={create.isPending}
          error={create.error}
          onClose={() => setCreating(false)}
          onCreate={(body) =>
            create.mutate(body, {
              onSuccess: (token) => {
                intention.done();
                setCreating(false);
                setMade(token);
              },
            })
          }
        />
      )}
      <Modal
        open={made !== undefined}
        title={say("secret", { name: made?.name ?? "" })}
        okText={say("close")}
        cancelButtonProps={{ style: { display: "none" } }}
        onOk={() => setMade(undefined)}
        onCancel={() => setMade(undefined)}
      >
        <Typography.Text className="code" copyable>
          {made?.secret ?? ""}
        </Typography.Text>
        <p className="quiet">{say("secretWhy")}</p>
      </Modal>
    </>
  );
}
