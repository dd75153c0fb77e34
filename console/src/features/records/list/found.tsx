/** How many there are, and what limits them: never an emptiness without its reason. */
import dayjs from "dayjs";
import { records } from "../../../i18n/records";
import { useWords } from "../../../i18n/words";
import { useSwitch } from "../../../switch";
import { useCount, useReach } from "../queries";

function useScope(object: string): string | undefined {
  const say = useWords(records);
  const known: Record<string, string> = {
    none: say("scopeNone"),
    reachable: say("scope_reachable"),
    unit: say("scope_unit"),
    unit_and_below: say("scope_unit_and_below"),
    all: say("scope_all"),
  };
  return known[useReach(object) ?? ""];
}

/** The windows without which the page would be another, as the server named them with it. */
type Relaxed = readonly string[] | undefined;

/** That a window opens more than the person's own scope, and until when; nothing where none does. */
function useOpened(relaxed: Relaxed): string | undefined {
  const say = useWords(records);
  const windows = useSwitch().data?.windows ?? [];
  if (!relaxed || relaxed.length === 0) return undefined;
  const ends = windows.filter(({ overlay }) => relaxed.includes(overlay)).map(({ ends }) => ends);
  const last = ends.sort().at(-1);
  return last ? say("opened", { at: dayjs(last).format("HH:mm") }) : say("openedNow");
}

export function Found(props: {
  object: string;
  asked: { filter: string | undefined; search: string | undefined };
  relaxed: Relaxed;
}) {
  const say = useWords(records);
  const count = useCount(props.object, props.asked).data?.count;
  const reach = useReach(props.object);
  const scope = useScope(props.object);
  const opened = useOpened(props.relaxed);
  const limit = scope && say(reach === "all" ? "scopeWhole" : "scope", { scope });
  return (
    <span role="status" className="number">
      {count === undefined ? say("counting") : say("found", { n: count })}
      {(opened ?? limit) && ` · ${opened ?? limit}`}
    </span>
  );
}

export function Why(props: { object: string; relaxed: Relaxed }) {
  const say = useWords(records);
  const scope = useScope(props.object) ?? "–";
  const opened = useOpened(props.relaxed);
  return (
    <>
      <p style={{ marginTop: 0 }}>{say("why", { scope: opened ?? scope })}</p>
      <p style={{ marginBottom: 0 }}>{say("whyAsk")}</p>
    </>
  );
}
