/** How long something still lasts, by the clock of this browser; the server alone decides when it ends. */
import { useEffect, useState } from "react";
import { ui } from "../i18n/ui";
import { useWords } from "../i18n/words";

export function inClock(left_ms: number): string {
  const all = Math.max(0, Math.floor(left_ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return `${hours}:${two(minutes)}:${two(seconds)}`;
}

/** `left_s` as the server said it when the answer arrived at `asOf_ms`. */
export function Countdown(props: { left_s: number; asOf_ms: number }) {
  const say = useWords(ui);
  const [now_ms, setNow] = useState(Date.now());
  useEffect(() => {
    const beat = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(beat);
  }, []);
  const left_ms = props.asOf_ms + props.left_s * 1000 - now_ms;
  return (
    <strong className="number" role="timer">
      {left_ms <= 0 ? say("over") : say("left", { time: inClock(left_ms) })}
    </strong>
  );
}
