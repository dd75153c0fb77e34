/** One object as somebody else has it: what they may do, which fields they see, which records they reach. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Table } from "antd";
import { answer, api, newKey } from "../../api/client";
import { actions, scopes } from "../../i18n/decision";
import { viewas } from "../../i18n/viewas";
import { useWords } from "../../i18n/words";
import { useRefusal, VerdictTag } from "../../ui/decision";
import { useNamed } from "../../ui/named";
import { Answered, Empty } from "../../ui/state";

const FIRST = 50;
const header = () => ({ header: { "idempotency-key": newKey() } });

function useView(who: string, object: string) {
  return useQuery({
    queryKey: ["explain", "view", who, object],
    queryFn: async () => {
      const session = { subject: who };
      const [abilities, listed, counted] = await Promise.all([
        answer(api.POST("/api/v1/abilities", { params: header(), body: { session, object } })),
        answer(
          api.POST("/api/v1/list", { params: header(), body: { session, object, limit: FIRST } }),
        ),
        answer(api.POST("/api/v1/count", { params: header(), body: { session, object } })),
      ]);
      return { abilities, listed, counted };
    },
  });
}

export function View(props: { who: string; object: string }) {
  const say = useWords(viewas);
  const act = useNamed(actions);
  const scope = useNamed(scopes);
  const refusal = useRefusal();
  const { who, object } = props;
  const found = useView(who, object);
  const why = (record: string) =>
    `/explain?${new URLSearchParams({ who, act: "read", object, record })}`;
  return (
    <Answered of={found}>
      {({ abilities, listed, counted }) => (
        <div className="split" style={{ gridTemplateColumns: "1fr 1fr 1fr" }}>
          <section>
            <h2 className="part">{say("may")}</h2>
            <Table
              rowKey="0"
              size="small"
              pagination={false}
              dataSource={Object.entries(abilities.actions)}
              columns={[
                { key: "action", title: say("action"), render: (_, [name]) => act(name) },
                {
                  key: "answer",
                  title: say("answer"),
                  render: (_, [, decision]) => (
                    <span
                      title={decision.decision === "deny" ? refusal(decision.why, decision) : ""}
                    >
                      <VerdictTag verdict={decision.decision} />
                    </span>
                  ),
                },
              ]}
            />
          </section>
          <section>
            <h2 className="part">{say("fields")}</h2>
            <Table
              rowKey="0"
              size="small"
              pagination={false}
              dataSource={Object.entries(abilities.fields)}
              columns={[
                { key: "field", title: say("field"), render: (_, [name]) => name },
                { key: "access", title: say("access"), render: (_, [, access]) => scope(access) },
              ]}
            />
          </section>
          <section>
            <h2 className="part">
              {say("records")} · {say("count", { n: counted.count })}
            </h2>
            <Table
              rowKey={(id) => id}
              size="small"
              pagination={false}
              dataSource={listed.records}
              locale={{ emptyText: <Empty title={say("none")}>{say("noneWhy")}</Empty> }}
              columns={[
                {
                  key: "id",
                  title: say("first", { n: listed.records.length }),
                  render: (_, id) => <span className="code">{id}</span>,
                },
                {
                  key: "why",
                  title: "",
                  render: (_, id) => <Link to={why(id) as string}>{say("why")}</Link>,
                },
              ]}
            />
          </section>
        </div>
      )}
    </Answered>
  );
}
