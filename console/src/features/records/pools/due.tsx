/** What goes back into a pool by itself soon, unless somebody changes it before. */
import { Segmented } from "antd";
import { useState } from "react";
import { pools } from "../../../i18n/pools";
import { useWords } from "../../../i18n/words";
import { useRecordTitle } from "../../../ui/called";
import { Moment } from "../../../ui/moment";
import { Answered } from "../../../ui/state";

import { Owners, RecordLink } from "../values";
import { useDueReturns } from "./queries";

/** Hours ahead: a day, a week, a month. */
const AHEAD = [24, 168, 720] as const;

export function DueReturns(props: { pool: string }) {
  const say = useWords(pools);
  const title = useRecordTitle();
  const [hours, setHours] = useState<number>(AHEAD[0]);
  const found = useDueReturns(props.pool, hours);
  return (
    <section aria-label={say("due")}>
      <h3>{say("due")}</h3>
      <p className="quiet">{say("dueWhy")}</p>
      <Segmented
        aria-label={say("dueWithin")}
        value={hours}
        onChange={setHours}
        options={AHEAD.map((value) => ({ value, label: say("days", { n: value / 24 }) }))}
      />
      <Answered of={found}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{say("dueNothing")}</p>
          ) : (
            <ul className="due">
              {items.map(({ record, returns }) => (
                <li key={record.id}>
                  <RecordLink object={record.object} id={record.id}>
                    {title(record)}
                  </RecordLink>
                  <Owners of={record.owners ?? []} />
                  <Moment at={returns} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </section>
  );
}
