/** What was recorded, with both clocks: the wall clock can be set, the clock since boot cannot. */

import { ledgerClocks } from "../../../i18n/ledger";
import { kindWord } from "../../../i18n/switch-acts";
import { report as words } from "../../../i18n/switch-report";
import { useLanguage, useWords } from "../../../i18n/words";
import { inClock } from "../../../ui/countdown";
import { purposeIn } from "../../../ui/ledger";
import { MILLIS, Moment, moment } from "../../../ui/moment";
import { useNamed } from "../../../ui/named";
import { PersonTag } from "../../../ui/person";
import type { TimelineEvent, WindowEvidence } from "../documents";
import { useNames } from "../queries";
import { WideTable } from "../wide";

/** How far both clocks moved between opening and end, in milliseconds; nothing across a restart. */
export function moved(timeline: readonly TimelineEvent[]) {
  const opened = timeline.find(({ kind }) => kind === "overlay_opened");
  const last = timeline.findLast(({ kind }) => kind === "overlay_closed") ?? timeline.at(-1);
  if (!opened || !last || opened === last || opened.boot !== last.boot) return undefined;
  const wall = (last.recorded_us ?? last.effective_us) - opened.effective_us;
  return { wall: wall / 1000, boot: (last.since_boot_us - opened.since_boot_us) / 1000 };
}

export function TimelineEvidence(props: { window: WindowEvidence }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const nameOf = useNames();
  const { timeline } = props.window;
  const span = moved(timeline);
  const clock = useNamed(ledgerClocks);
  return (
    <>
      <p>
        {span
          ? say("clockWhy", { wall: inClock(span.wall), boot: inClock(span.boot) })
          : say("clockOne")}
      </p>
      <WideTable
        label={say("timeline")}
        rowKey="sequence"
        dataSource={timeline}
        columns={[
          {
            key: "at",
            title: say("when"),
            render: (_, row) => (
              <span className="number">
                <Moment at={row.effective_us / 1000} form={MILLIS} />
                {row.recorded_us != null && (
                  <div className="quiet">
                    {say("recordedLater", { at: moment(row.recorded_us / 1000, MILLIS) })}
                  </div>
                )}
              </span>
            ),
          },
          {
            key: "kind",
            title: say("event"),
            render: (_, row) => (
              <>
                {kindWord(row.kind, language)}
                {row.kind === "overlay_closed" && row.words && (
                  <div className="quiet">{purposeIn(row.words, language)}</div>
                )}
              </>
            ),
          },
          {
            key: "by",
            title: say("by"),
            render: (_, row) => <PersonTag id={row.by} name={nameOf(row.by)} />,
          },
          {
            key: "boot",
            title: say("sinceBoot"),
            align: "right",
            render: (_, row) => (
              <span className="number" title={row.boot}>
                {inClock(row.since_boot_us / 1000)}
              </span>
            ),
          },
          { key: "clock", title: say("clock"), render: (_, row) => clock(row.clock) },
          {
            key: "row",
            title: say("ledger"),
            align: "right",
            render: (_, row) => <span className="number">{row.sequence}</span>,
          },
        ]}
      />
    </>
  );
}
