/** Who administers a part, and whether posts are kept apart. */
import { useQuery } from "@tanstack/react-query";
import { Button, Space, Table } from "antd";
import { useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { delegations } from "../../i18n/backups";
import { powers } from "../../i18n/overview";
import { useWords } from "../../i18n/words";
import { useMay } from "../../session";
import { useAddress } from "../../ui/address";
import { usePrincipal } from "../../ui/decision";
import { everyRow, useNames } from "../../ui/directory";
import { WholeFoot } from "../../ui/list";
import { useNamed } from "../../ui/named";
import { PageHeader } from "../../ui/page";
import { type Edits, Revise } from "../../ui/revise";
import { Answered, Empty } from "../../ui/state";
import { DelegationForm } from "./form";

type Asked = { title: string; edits: Edits };

export default function Delegations() {
  const say = useWords(delegations);
  const [search, go] = useAddress();
  const [asked, setAsked] = useState<Asked>();
  const found = useQuery({
    queryKey: ["delegations", "every"],
    queryFn: () =>
      everyRow((query) => answer(api.GET("/api/v1/delegations", { params: { query } }))),
  });
  const chosen = found.data?.find(({ id }) => id === search.delegation);
  const close = () => go({ delegation: undefined });
  return (
    <>
      <PageHeader
        title={say("title")}
        about={say("about")}
        acts={
          <Button type="primary" onClick={() => go({ delegation: "new" })}>
            {say("create")}
          </Button>
        }
      />
      <Posts onAsk={setAsked} />
      <div className="sheet">
        <Answered of={found}>{(all) => <Rows all={all} onAsk={setAsked} />}</Answered>
      </div>
      {(chosen || search.delegation === "new") && (
        <DelegationForm
          key={search.delegation}
          {...(chosen ? { id: chosen.id, content: chosen.content } : {})}
          onClose={close}
        />
      )}
      {asked && (
        <Revise
          {...asked}
          onDone={() => setAsked(undefined)}
          onCancel={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

function Rows(props: { all: readonly Schemas["DelegationKept"][]; onAsk: (asked: Asked) => void }) {
  const say = useWords(delegations);
  const principal = usePrincipal();
  const names = useNames();
  const power = useNamed(powers);
  const [, go] = useAddress();
  return (
    <>
      <Table
        rowKey="id"
        size="small"
        pagination={false}
        dataSource={[...props.all]}
        locale={{ emptyText: <Empty title={say("nothing")}>{say("nothingWhy")}</Empty> }}
        columns={[
          { key: "to", title: say("to"), render: (_, { content }) => principal(content.to) },
          { key: "node", title: say("node"), render: (_, { content }) => names.node(content.node) },
          {
            key: "powers",
            title: say("powers"),
            render: (_, { content }) => content.powers.map((one) => power(one)).join(" · "),
          },
          {
            key: "sets",
            title: say("sets"),
            render: (_, { content }) => (content.sets ?? []).map(principal).join(" · ") || "–",
          },
          {
            key: "acts",
            title: say("acts"),
            width: 160,
            render: (_, { id, content }) => (
              <Space>
                <Button size="small" onClick={() => go({ delegation: id })}>
                  {say("edit")}
                </Button>
                <Button
                  size="small"
                  danger
                  onClick={() =>
                    props.onAsk({
                      title: say("removeTitle", { name: content.name || id }),
                      edits: { remove: [{ kind: "delegation", id }] },
                    })
                  }
                >
                  {say("remove")}
                </Button>
              </Space>
            ),
          },
        ]}
      />
      <WholeFoot shown={props.all.length} all={props.all.length} why={say("few")} />
    </>
  );
}

function Posts(props: { onAsk: (asked: Asked) => void }) {
  const say = useWords(delegations);
  const may = useMay();
  const found = useQuery({
    queryKey: ["organization"],
    queryFn: () => answer(api.GET("/api/v1/organization")),
  });
  return (
    <Answered of={found}>
      {(organization) => (
        <section className="sheet" style={{ padding: 16, marginBottom: 16 }}>
          <div className="tools" style={{ padding: 0 }}>
            <h2 className="part" style={{ margin: 0 }}>
              {say("posts")}
            </h2>
            <strong>{say(organization.separate_posts ? "apart" : "together")}</strong>
            <span className="rest">
              {!organization.separate_posts && may(["guan.manage_settings"]) && (
                <Button
                  onClick={() =>
                    props.onAsk({
                      title: say("keepApart"),
                      edits: {
                        put: [
                          {
                            kind: "organization",
                            id: "",
                            content: { ...organization, separate_posts: true } as never,
                          },
                        ],
                      },
                    })
                  }
                >
                  {say("keepApart")}
                </Button>
              )}
            </span>
          </div>
          <p className="quiet" style={{ marginBottom: 0 }}>
            {say("postsWhy")}
          </p>
        </section>
      )}
    </Answered>
  );
}
