/** Who did what to which record: the columns that tables of the switch have in common. */
import type { TableColumnType } from "antd";
import { actionWord } from "../../i18n/switch-acts";
import { preview as words } from "../../i18n/switch-preview";
import { useLanguage, useWords } from "../../i18n/words";
import { PersonTag } from "../../ui/person";
import { type Named, RecordTag, useTitles } from "../../ui/titles";
import { useObjectName } from "./parts";
import { useNames } from "./queries";

type Columns<Row> = Readonly<Record<"user" | "action" | "object" | "record", TableColumnType<Row>>>;

/** The columns of these rows; `who` tells whose act a row is. */
export function useActColumns<Row extends Named & { action?: string; object: string }>(
  rows: readonly Row[],
  who: (row: Row) => string,
): Columns<Row> {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const object = useObjectName();
  const nameOf = useNames();
  const titles = useTitles(rows);
  return {
    user: {
      key: "user",
      title: say("who"),
      render: (_, row) => <PersonTag id={who(row)} name={nameOf(who(row))} />,
    },
    action: {
      key: "action",
      title: say("action"),
      render: (_, row) => actionWord(row.action ?? "", language),
    },
    object: { key: "object", title: say("object"), render: (_, row) => object(row.object) },
    record: {
      key: "record",
      title: say("record"),
      render: (_, row) => (
        <RecordTag object={row.object} record={row.record ?? null} titles={titles} />
      ),
    },
  };
}
