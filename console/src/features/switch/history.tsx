/** What happened to the request so far, from the request itself. */

import { Timeline } from "antd";
import type { Schemas } from "../../api/client";
import { request as words } from "../../i18n/switch-request";
import { useWords } from "../../i18n/words";
import { Brief } from "../../ui/brief";
import { Moment } from "../../ui/moment";
import { useNames } from "./queries";

type Event = { at: string; says: string; words?: string | undefined };

export function useEvents(request: Schemas["WindowRequest"]): readonly Event[] {
  const say = useWords(words);
  const nameOf = useNames();
  const who = (id: string | null | undefined) => (id ? (nameOf(id) ?? id) : "–");
  const {
    preview,
    backup,
    approvals = [],
    approved,
    opened,
    closed,
    report,
    review,
    refused,
  } = request;
  const found: (Event | false | null | undefined)[] = [
    {
      at: request.drafted,
      says: say("t_drafted", { by: who(request.requested_by) }),
      words: request.wanted.reason,
    },
    preview && { at: preview.at, says: say("t_previewed", { n: preview.revision }) },
    backup && !opened && { at: backup.verified, says: say("t_backed"), words: backup.name },
    ...approvals.flatMap((one) => [
      { at: one.at, says: say("t_approved", { by: who(one.by) }) },
      ...(one.taken_back
        ? [{ at: one.taken_back, says: say("t_takenBack", { by: who(one.by) }) }]
        : []),
    ]),
    approved != null && { at: approved, says: say("t_enough") },
    opened && { at: opened.starts, says: say("t_opened", { by: who(opened.by) }) },
    closed && {
      at: closed.at,
      says: say(`t_closed_${closed.cause}`, { by: who(closed.by) } as never),
      words: closed.words,
    },
    report && {
      at: report.at,
      says: say("t_reported", { asked: report.self_test.asked, refused: report.self_test.refused }),
    },
    refused && {
      at: refused.at,
      says: say("t_refused", { by: who(refused.by) }),
      words: refused.words,
    },
    review && {
      at: review.at,
      says: say("t_reviewed", { by: who(review.by) }),
      words: review.words,
    },
  ];
  return found
    .filter((event): event is Event => Boolean(event))
    .sort((one, other) => one.at.localeCompare(other.at));
}

export function History(props: { request: Schemas["WindowRequest"] }) {
  const events = useEvents(props.request);
  return (
    <Timeline
      items={events.map((event, index) => ({
        key: `${event.at}-${index}`,
        content: (
          <>
            <span className="quiet">
              <Moment at={event.at} seconds />
            </span>{" "}
            {event.says}
            {event.words && (
              <div className="quiet">
                <Brief>{event.words}</Brief>
              </div>
            )}
          </>
        ),
      }))}
    />
  );
}
