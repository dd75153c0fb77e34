/** Records that a table or plan of the switch names beside others. */
import { Tag } from "antd";
import { report as words } from "../../i18n/switch-report";
import { useWords } from "../../i18n/words";
import { type Named, RecordTag, type Titles } from "../../ui/titles";

/** That a record was deleted: where it is not back, nothing but its id may be told. */
export function Deleted() {
  return <Tag>{useWords(words)("isDeleted")}</Tag>;
}

/** A few records of one object by their titles. */
export function Samples(props: { of: readonly Named[]; titles: Titles }) {
  return props.of.map((one) => (
    <div key={one.record}>
      <RecordTag {...one} titles={props.titles} />
    </div>
  ));
}
