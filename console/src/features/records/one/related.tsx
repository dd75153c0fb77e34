/** The records that point to this one: one short list for each kind, and the way to all of them. */
import { Link } from "@tanstack/react-router";
import { Table } from "antd";
import { objectName } from "../../../i18n/objects";
import { record as words } from "../../../i18n/record";
import { useLanguage, useWords } from "../../../i18n/words";
import { titleOf } from "../../../ui/called";
import { Failed } from "../../../ui/state";
import { fieldsOf, isName, isSeen, isSystem, type ObjectInfo, type RecordRow } from "../model";
import { canAskBy, useChildren } from "../queries";
import { RecordLink, Value } from "../values";

const SHOWN = 5;
const COLUMNS = 4;

export type Kin = { object: ObjectInfo; relation: string };

const ACTIVITY = /^(Task|Event|Activity|Call|Visit|FollowUp|Follow_Up)/i;
export const isActivity = ({ object }: Kin): boolean => ACTIVITY.test(object.id);

/** Each kind of record that points to this kind, by each of its relations that can be asked by. */
export function kinOf(object: string, all: readonly ObjectInfo[]): readonly Kin[] {
  return all.flatMap((other) =>
    Object.entries(other.relations)
      .filter(([relation, target]) => target === object && canAskBy(other, relation))
      .map(([relation]) => ({ object: other, relation })),
  );
}

export function Related(props: { id: string; kin: readonly Kin[] }) {
  const say = useWords(words);
  if (props.kin.length === 0) return <p className="quiet">{say("relatedNone")}</p>;
  return (
    <>
      {props.kin.map((kin) => (
        <Children key={`${kin.object.id}.${kin.relation}`} id={props.id} kin={kin} />
      ))}
    </>
  );
}

function Children(props: { id: string; kin: Kin }) {
  const say = useWords(words);
  const at = useLanguage() === "en" ? 0 : 1;
  const { id, kin } = props;
  const { object, relation } = kin;
  const found = useChildren(object.id, relation, id, SHOWN);
  const fields = fieldsOf(object, at)
    .filter((field) => isSeen(field) && !isName(field.id) && !isSystem(field.id))
    .filter((field) => !field.relation)
    .slice(0, COLUMNS);
  const title = objectName(object, at);
  return (
    <section aria-label={title}>
      <h3 className="part">
        {title}{" "}
        <Link
          className="small"
          to={`/records/${object.id}` as string}
          search={{ [`f.${relation}`]: id } as never}
        >
          {say("relatedAll")}
        </Link>
      </h3>
      {found.error ? (
        <Failed error={found.error} />
      ) : (
        <Table
          rowKey="id"
          size="small"
          pagination={false}
          loading={found.isFetching && !found.data}
          dataSource={found.data?.items ?? []}
          scroll={{ x: 560 }}
          locale={{ emptyText: found.data && <span className="quiet">{say("relatedEmpty")}</span> }}
          columns={[
            {
              key: "name",
              title: say("name"),
              width: 220,
              ellipsis: true,
              render: (_, row) => (
                <RecordLink object={object.id} id={row.id}>
                  {titleOf(row, object)}
                </RecordLink>
              ),
            },
            ...fields.map((field) => ({
              key: field.id,
              title: field.label,
              ellipsis: true,
              render: (_: unknown, row: RecordRow) => (
                <Value field={field} shown={row.fields[field.id]} />
              ),
            })),
          ]}
        />
      )}
    </section>
  );
}
