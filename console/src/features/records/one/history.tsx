/** What changed on a record, of one field or of all that the person sees. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Select, Table } from "antd";
import { answer, api, type Schemas } from "../../../api/client";
import { causes, traced, record as words } from "../../../i18n/record";
import { useWords } from "../../../i18n/words";
import { useAddress } from "../../../ui/address";
import { plain } from "../../../ui/called";
import { Moment } from "../../../ui/moment";
import { Answered } from "../../../ui/state";
import { type Field, isSeen, type Shown } from "../model";
import { said } from "../queries";
import { Owners, Person, Value } from "../values";
import type { Opened } from "./opened";

const PAGE = 50;

function useHistory(object: string, id: string) {
  return useInfiniteQuery({
    queryKey: ["records", object, "history", id],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/api/v1/records/{object}/{id}/history", {
          params: { path: { object, id }, query: said({ limit: PAGE, cursor: pageParam }) },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function History(props: { of: Opened }) {
  const say = useWords(words);
  const sayCause = useWords(causes);
  const [search, go] = useAddress();
  const { fields, record } = props.of;
  const found = useHistory(record.value.object, record.value.id);
  const field = (id: string) => fields.find((one) => one.id === id);
  const sayTraced = useWords(traced);
  const name = (id: string) =>
    id in traced ? sayTraced(id as keyof typeof traced) : (field(id)?.label ?? id);
  return (
    <Answered of={found}>
      {({ pages }) => {
        const all = pages.flatMap(({ items }) => items);
        const rows = search.field ? all.filter((row) => row.field === search.field) : all;
        return (
          <>
            <div className="tools bare">
              <Select
                allowClear
                aria-label={say("historyOf")}
                placeholder={say("historyOf")}
                style={{ width: 220 }}
                value={search.field}
                options={fields.filter(isSeen).map(({ id, label }) => ({ value: id, label }))}
                onChange={(next: string | undefined) => go({ field: next }, "replace")}
              />
            </div>
            <Table<Schemas["HistoryShown"]>
              rowKey={(row) => `${row.sequence}-${row.field}`}
              size="small"
              pagination={false}
              dataSource={rows}
              scroll={{ x: 720 }}
              locale={{ emptyText: <span className="quiet">{say("historyNone")}</span> }}
              columns={[
                {
                  key: "at",
                  title: say("when"),
                  width: 140,
                  render: (_, row) => <Moment at={row.at} />,
                },
                {
                  key: "who",
                  title: say("who"),
                  width: 150,
                  ellipsis: true,
                  render: (_, row) => <Person id={row.author} />,
                },
                {
                  key: "field",
                  title: say("field"),
                  width: 130,
                  render: (_, row) => name(row.field),
                },
                {
                  key: "before",
                  title: say("before"),
                  render: (_, row) => (
                    <Traced id={row.field} field={field(row.field)} shown={row.before} />
                  ),
                },
                {
                  key: "after",
                  title: say("after"),
                  render: (_, row) => (
                    <Traced id={row.field} field={field(row.field)} shown={row.after} />
                  ),
                },
                {
                  key: "how",
                  title: say("how"),
                  width: 110,
                  render: (_, row) =>
                    row.cause in causes ? sayCause(row.cause as keyof typeof causes) : row.cause,
                },
              ]}
            />
            {found.hasNextPage && (
              <Button
                type="link"
                loading={found.isFetchingNextPage}
                onClick={() => void found.fetchNextPage()}
              >
                {say("historyMore")}
              </Button>
            )}
          </>
        );
      }}
    </Answered>
  );
}

/** A value of a field, or of the record itself: its owners, its pool, whether it is locked. */
function Traced(props: { id: string; field: Field | undefined; shown: Shown | null | undefined }) {
  const say = useWords(words);
  const { id, field, shown } = props;
  if (!shown) return <>–</>;
  if (field) return <Value field={field} shown={shown} />;
  const value = "clear" in shown ? shown.clear : undefined;
  if (id === "$owners" && Array.isArray(value)) return <Owners of={value.map(String)} />;
  if (id === "$locked") return <>{value ? say("lock") : say("unlock")}</>;
  return <>{plain(shown)}</>;
}
