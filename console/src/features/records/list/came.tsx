/** What came of an act on many records, or would: how many, and which were left as they were and why. */
import { Link } from "@tanstack/react-router";
import { records } from "../../../i18n/records";
import { useWords } from "../../../i18n/words";
import { titleOf } from "../../../ui/called";
import { doneOf, type Left as LeftRow, type Outcome } from "../many";
import type { ObjectInfo, RecordRow } from "../model";
import { WhyLink } from "../refused";

type Of = { object: ObjectInfo; rows: readonly RecordRow[]; act: string };

export function Came(props: Of & { outcome: Outcome }) {
  const say = useWords(records);
  const { done, left } = props.outcome;
  return (
    <div className="stack">
      <p role="status">{say("bulkDone", { n: done })}</p>
      {props.act === "claim" && done > 0 && (
        <ul className="plain-list" aria-label={say("bulkClaimed")}>
          {doneOf(props.rows, props.outcome).map((row) => (
            <li key={row.id}>
              <Link to={`/records/${row.object}/${encodeURIComponent(row.id)}` as string}>
                {titleOf(row, props.object)}
              </Link>{" "}
              <span className="quiet">{say("bulkClaimed")}</span>
            </li>
          ))}
        </ul>
      )}
      <Left {...props} left={left} />
    </div>
  );
}

export function Left(props: Of & { left: readonly LeftRow[] }) {
  const say = useWords(records);
  const { left } = props;
  const title = (id: string) => {
    const row = props.rows.find((one) => one.id === id);
    return row ? titleOf(row, props.object) : id;
  };
  if (left.length === 0) return null;
  return (
    <>
      <p>{say("bulkRefused", { n: left.length })}</p>
      <ul className="plain-list">
        {left.map(({ id, why, reference }) => (
          <li key={id}>
            <span>
              <strong>{title(id)}</strong> <span className="quiet">{why}</span>
            </span>
            <WhyLink
              reference={reference}
              tried={{ action: props.act, object: props.object.id, record: id }}
            />
          </li>
        ))}
      </ul>
    </>
  );
}
