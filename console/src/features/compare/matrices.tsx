/** The cells of two people or two sets; for people also the records that only one of them reaches. */
import { DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Table } from "antd";
import { answer, api, newKey } from "../../api/client";
import { compare } from "../../i18n/compare";
import { useWords } from "../../i18n/words";
import { useAddress } from "../../ui/address";
import { csv, save } from "../../ui/csv";
import { usePrincipal } from "../../ui/decision";
import { useColleagueName } from "../../ui/directory";
import { Impact } from "../../ui/impact";
import { matrix } from "../../ui/matrix";
import { Answered, Empty } from "../../ui/state";
import { type Pair, pairs } from "./cells";
import { Named } from "./named";
import { useCellWords } from "./words";

type Two = { kind: "users" | "sets"; first: string; second: string };

export function Matrices(props: Two) {
  const say = useWords(compare);
  return (
    <>
      {props.kind === "users" && (
        <section className="sheet" style={{ padding: 16, marginBottom: 16 }}>
          <h2 className="part" style={{ marginTop: 0 }}>
            {say("records")}
          </h2>
          <Reach {...props} />
        </section>
      )}
      <section className="sheet">
        <Cells {...props} />
      </section>
    </>
  );
}

function Reach(props: Two) {
  const { first, second } = props;
  const nameOf = useColleagueName();
  const found = useQuery({
    queryKey: ["compare", "reach", first, second],
    queryFn: () =>
      answer(
        api.POST("/api/v1/compare/subjects", {
          params: { header: { "idempotency-key": newKey() } },
          body: { first, second },
        }),
      ),
  });
  return (
    <Answered of={found}>
      {(data) => <Impact of={data} two={[nameOf(first), nameOf(second)]} />}
    </Answered>
  );
}

function Cells(props: Two) {
  const say = useWords(compare);
  const { object: title, what, value } = useCellWords();
  const principal = usePrincipal();
  const [search, go] = useAddress();
  const which = search.all ? "all" : "different";
  const { kind, first, second } = props;
  const found = useQuery({
    queryKey: ["matrix", "compare", kind, first, second],
    queryFn: () =>
      Promise.all(
        [first, second].map((one) => matrix(kind === "users" ? { subject: one } : { of: one })),
      ),
  });
  const names = [first, second].map((one) => principal(kind === "users" ? `user:${one}` : one));
  const columns = [say("object"), say("what"), ...names];
  const plain = (pair: Pair) => [
    pair.object && title(pair.object),
    what(pair),
    value(pair, pair.first),
    value(pair, pair.second),
  ];
  return (
    <Answered of={found}>
      {([a, b]) => {
        const rows = a && b ? pairs(a, b, which) : [];
        return (
          <>
            <div className="tools">
              <h2 className="part" style={{ margin: 0 }}>
                {say("cells")}
              </h2>
              <span className="rest">
                <Checkbox
                  checked={which === "all"}
                  onChange={(event) =>
                    go({ all: event.target.checked ? "yes" : undefined }, "replace")
                  }
                >
                  {say("all")}
                </Checkbox>
                <Button
                  icon={<DownloadOutlined />}
                  disabled={rows.length === 0}
                  onClick={() => save("compare.csv", csv([columns, ...rows.map(plain)]))}
                >
                  {say("export")}
                </Button>
              </span>
            </div>
            <Table
              rowKey="key"
              size="small"
              dataSource={rows}
              pagination={rows.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
              locale={{ emptyText: <Empty title={say("same")}>{say("sameWhy")}</Empty> }}
              columns={[
                {
                  key: "object",
                  title: columns[0],
                  render: (_, row) => (
                    <Named name={row.object && title(row.object)} id={row.object} />
                  ),
                },
                {
                  key: "what",
                  title: columns[1],
                  render: (_, row) => <Named name={what(row)} id={row.what} />,
                },
                {
                  key: "first",
                  title: columns[2],
                  render: (_, row) => <Value of={row}>{value(row, row.first)}</Value>,
                },
                {
                  key: "second",
                  title: columns[3],
                  render: (_, row) => <Value of={row}>{value(row, row.second)}</Value>,
                },
              ]}
            />
          </>
        );
      }}
    </Answered>
  );
}

function Value(props: { of: Pair; children: string }) {
  return props.of.first === props.of.second ? props.children : <strong>{props.children}</strong>;
}
