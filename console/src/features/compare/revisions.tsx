/** Two revisions: what was changed, and who gained and lost by it. */
import { DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Table } from "antd";
import { answer, api, newKey, type Schemas } from "../../api/client";
import { compare } from "../../i18n/compare";
import { entityKinds } from "../../i18n/waiting";
import { useWords } from "../../i18n/words";
import { csv, save } from "../../ui/csv";
import { Impact } from "../../ui/impact";
import { useNamed } from "../../ui/named";
import { Answered, Empty } from "../../ui/state";
import { Named } from "./named";
import { useEntityNames } from "./words";

export function Revisions(props: { from: number; to: number }) {
  const say = useWords(compare);
  const { from, to } = props;
  const found = useQuery({
    queryKey: ["revisions", "compare", from, to],
    queryFn: () =>
      answer(
        api.POST("/api/v1/compare/revisions", {
          params: { header: { "idempotency-key": newKey() } },
          body: { from, to },
        }),
      ),
  });
  return (
    <Answered of={found}>
      {({ comparison, differences, users, users_all }) => (
        <>
          <section className="sheet" style={{ padding: 16, marginBottom: 16 }}>
            <h2 className="part" style={{ marginTop: 0 }}>
              {say("people")}
            </h2>
            <p className="quiet">{say("sample", { n: users, all: users_all })}</p>
            <Impact of={comparison} />
          </section>
          <Differences of={differences} />
        </>
      )}
    </Answered>
  );
}

function Differences({ of: differences }: { of: readonly Schemas["Differing"][] }) {
  const say = useWords(compare);
  const change = useNamed(compare);
  const kind = useNamed(entityKinds);
  const nameOf = useEntityNames(differences.map((one) => one.kind));
  return (
    <section className="sheet">
      <div className="tools">
        <h2 className="part" style={{ margin: 0 }}>
          {say("differences")}
        </h2>
        <span className="rest">
          <Button
            icon={<DownloadOutlined />}
            disabled={differences.length === 0}
            onClick={() =>
              save(
                "revisions.csv",
                csv([
                  [say("kind"), say("name"), say("id"), say("change")],
                  ...differences.map((one) => [
                    kind(one.kind),
                    nameOf(one.kind, one.id),
                    one.id,
                    change(one.change),
                  ]),
                ]),
              )
            }
          >
            {say("export")}
          </Button>
        </span>
      </div>
      <Table
        rowKey={(row) => `${row.kind} ${row.id}`}
        size="small"
        dataSource={[...differences]}
        pagination={differences.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        locale={{ emptyText: <Empty title={say("same")} /> }}
        columns={[
          { key: "kind", title: say("kind"), width: 160, render: (_, row) => kind(row.kind) },
          {
            key: "id",
            title: say("name"),
            render: (_, row) => <Named name={nameOf(row.kind, row.id)} id={row.id} />,
          },
          {
            key: "change",
            title: say("change"),
            width: 120,
            render: (_, row) => change(row.change),
          },
        ]}
      />
    </section>
  );
}
