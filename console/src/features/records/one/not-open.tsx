/** A record that is not open: never was, or not any more because the window that showed it has ended. */
import { LockOutlined, WarningOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import dayjs from "dayjs";
import { problemOf } from "../../../api/client";
import { record as words } from "../../../i18n/record";
import { refusals } from "../../../i18n/refusals";
import { useWords } from "../../../i18n/words";
import { useEnded } from "../../../switch";
import { Refused, WhyLink } from "../refused";

/** Whether it exists is not told: both cases look the same, with a number that an administrator can look up. */
export function NotOpen(props: {
  error: unknown;
  object: string;
  /** When the record was shown last, by the clock of this browser; 0 if never. */
  read_ms: number;
}) {
  const say = useWords(refusals);
  const sayRecord = useWords(words);
  const ended = useEnded();
  const problem = problemOf(props.error);
  const back = <Link to={`/records/${props.object}` as string}>{sayRecord("back")}</Link>;
  if (ended && props.read_ms > 0 && props.read_ms <= ended.known_ms && problem.status > 0) {
    return (
      <div className="state" role="status">
        <LockOutlined aria-hidden />
        <h2>{say("windowOver", { at: dayjs(ended.at_ms).format("HH:mm") })}</h2>
        <p>{say("windowOverWhy")}</p>
        {back}
      </div>
    );
  }
  if (problem.code !== "not_found") {
    return (
      <div className="state">
        <Refused error={props.error} tried={{ action: "read", object: props.object }} />
      </div>
    );
  }
  return (
    <div className="state">
      <WarningOutlined aria-hidden />
      <h2>{say("missing")}</h2>
      <p>{say("missingWhy")}</p>
      <WhyLink reference={problem.reference} />
      {back}
    </div>
  );
}
