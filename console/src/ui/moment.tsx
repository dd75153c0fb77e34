/** A moment in the person's own time; the whole of it, with the zone, where it is pointed at. */
import dayjs from "dayjs";

const MINUTES = "YYYY-MM-DD HH:mm";
export const SECONDS = "YYYY-MM-DD HH:mm:ss";
export const MILLIS = "YYYY-MM-DD HH:mm:ss.SSS";

/** A moment as text, for sentences and labels; a dash where there is none. */
export const moment = (at: string | number | null | undefined, form = MINUTES): string =>
  at == null ? "–" : dayjs(at).format(form);

/** The zone of this browser: `Asia/Shanghai (UTC+08:00)`. */
export function zoneOf(at: dayjs.Dayjs = dayjs()): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return `${timeZone} (UTC${at.format("Z")})`;
}

type Shown = {
  at: string | number | null | undefined;
  /** To the second, or in a form of its own; to the minute without. */
  seconds?: true;
  form?: string;
};

export function Moment(props: Shown) {
  if (props.at == null) return <>–</>;
  const at = dayjs(props.at);
  return (
    <time
      className="number"
      dateTime={at.toISOString()}
      title={`${at.format(at.millisecond() ? MILLIS : SECONDS)} ${zoneOf(at)}`}
    >
      {at.format(props.form ?? (props.seconds ? SECONDS : MINUTES))}
    </time>
  );
}
