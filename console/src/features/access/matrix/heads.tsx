/** The head of a row: an object with its fields to open, or one field below it. */
import { CaretDownOutlined, CaretRightOutlined } from "@ant-design/icons";
import { levels } from "../../../i18n/levels";
import { masks } from "../../../i18n/masks";
import { matrix as words } from "../../../i18n/matrix";
import { useWords } from "../../../i18n/words";
import { type Policy, useFieldName } from "../world";
import { ANY, type MatrixRow } from "./rows";

export function RowHead(props: {
  policy: Policy;
  row: MatrixRow;
  objectName: (id: string) => string;
  opened: boolean;
  onToggle: (object: string) => void;
}) {
  const { policy, row, objectName } = props;
  const say = useWords(words);
  const sayLevel = useWords(levels);
  const sayFields = useWords(masks);
  const fieldName = useFieldName();
  const object = policy.objects[row.object];
  if (row.field !== undefined) {
    const field = object?.fields?.[row.field];
    return (
      <span className="field-head cut" title={row.field}>
        {fieldName(row.field, field)}
        {field?.class && <span className="sort">{sayFields(field.class)}</span>}
      </span>
    );
  }
  if (row.object === ANY) return <b>{sayLevel("anyObject")}</b>;
  const n = Object.keys(object?.fields ?? {}).length;
  const name = objectName(row.object);
  const act = props.opened
    ? say("closeFields", { object: name })
    : say("openFields", { object: name, n });
  return (
    <>
      <button
        type="button"
        className="fold"
        tabIndex={-1}
        aria-label={act}
        aria-expanded={props.opened}
        onClick={() => props.onToggle(row.object)}
      >
        {props.opened ? <CaretDownOutlined aria-hidden /> : <CaretRightOutlined aria-hidden />}
      </button>
      <b className="cut" title={row.object}>
        {name}
      </b>
      <span className="quiet number count">{n}</span>
    </>
  );
}
