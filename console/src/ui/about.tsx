/** What a row of the ledger is about: the record by its title, as far as the person may read it, and why. */
import { objectName } from "../i18n/objects";
import { useLanguage } from "../i18n/words";
import { aboutOf, type LedgerRow } from "./ledger";
import { RecordTag, type Titles, useTitles } from "./titles";

/** The titles of the records of these rows. */
export function useRowTitles(rows: readonly LedgerRow[]): Titles {
  return useTitles(rows.map(({ entry: { what } }) => what));
}

/** What stands where a record is named in rows of these kinds is the number of a session. */
const SESSIONS = ["session_opened", "session_refused"];

export function AboutRow(props: { row: LedgerRow; titles: Titles }) {
  const at = useLanguage() === "en" ? 0 : 1;
  const { row, titles } = props;
  const { object, record } = row.entry.what;
  const about = aboutOf(row, at);
  return (
    <>
      {object && <span>{objectName({ id: object, name: object }, at)} </span>}
      {record && object && <RecordTag object={object} record={record} titles={titles} />}
      {record && !object && !SESSIONS.includes(row.entry.kind) && (
        <span className="code">{record}</span>
      )}
      {about && <span className="quiet"> {about}</span>}
    </>
  );
}
