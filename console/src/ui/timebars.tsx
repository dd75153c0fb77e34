/** Spans on a time line: one row each, in words too; what has no beginning or no end runs to the edge. */

import type { ReactNode } from "react";
import { ui } from "../i18n/ui";
import { useWords } from "../i18n/words";
import { moment } from "./moment";
import { ticks } from "./ticks";

export type Span = {
  key: string;
  label: ReactNode;
  from_ms: number | undefined;
  to_ms: number | undefined;
  /** How it looks: what is given, what relaxes, what takes away. */
  look: "given" | "relaxed" | "taken";
  /** What it is, for those who read. */
  note: string;
  onOpen?: () => void;
};

/** A mark so near to now, in hundredths of the axis, would be written over. */
const NEAR = 5;

const when = (at_ms: number | undefined) => (at_ms === undefined ? "…" : moment(at_ms));

export function TimeBars(props: {
  label: string;
  spans: readonly Span[];
  from_ms: number;
  to_ms: number;
  now_ms: number;
}) {
  const say = useWords(ui);
  const { spans, from_ms, to_ms, now_ms } = props;
  const share = (at_ms: number) =>
    (100 * (Math.min(Math.max(at_ms, from_ms), to_ms) - from_ms)) / (to_ms - from_ms);
  const marks = ticks(from_ms, to_ms).filter(
    ({ at_ms }) => Math.abs(share(at_ms) - share(now_ms)) > NEAR,
  );
  return (
    <section className="time-bars" aria-label={props.label}>
      <div className="time-axis" aria-hidden="true">
        {marks.map(({ at_ms, label }) => (
          <span key={at_ms} className="number" style={{ left: `${share(at_ms)}%` }}>
            {label}
          </span>
        ))}
        <span className="now" style={{ left: `${share(now_ms)}%` }}>
          {say("now")}
        </span>
      </div>
      <ul>
        {spans.map((span) => {
          const start = share(span.from_ms ?? from_ms);
          const end = share(span.to_ms ?? to_ms);
          return (
            <li key={span.key}>
              <span className="time-label">{span.label}</span>
              <span className="time-track">
                <span className="time-now" style={{ left: `${share(now_ms)}%` }} aria-hidden />
                <button
                  type="button"
                  className={`time-bar ${span.look}`}
                  style={{ left: `${start}%`, width: `max(${end - start}%, 6px)` }}
                  title={`${span.note} · ${when(span.from_ms)} – ${when(span.to_ms)}`}
                  disabled={!span.onOpen}
                  onClick={span.onOpen}
                >
                  <span className="heard">
                    {span.note}, {when(span.from_ms)} – {when(span.to_ms)}
                  </span>
                </button>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
