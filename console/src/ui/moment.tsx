/** A moment in the person's own time; the whole of it, with the zone, where it is pointed at. */
import dayjs from "dayjs";

const MINUTES = "YYYY-MM-DD HH:mm";
export const SECONDS = "YYYY-MM-DD HH:mm:ss";

/** The zone of this browser: `Asia/Shanghai (UTC+08:00)`. */
export function zoneOf(at: dayjs.Dayjs = dayjs()): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return `${timeZone} (UTC${at.format("Z")})`;
}

export function Moment(props: { at: string | number | null | undefined; seconds?: true }) {
  if (props.at == null) return <>–</>;
  const at = dayjs(props.at);
  return (
    <time
      className="number"
      dateTime={at.toISOString()}
      title={`${at.format(SECONDS)} ${zoneOf(at)}`}
    >
      {at.format(props.seconds ? SECONDS : MINUTES)}
    </time>
  );
}
