/** How many there are, and what limits them: never an emptiness without its reason. */
import { records } from "../../../i18n/records";
import { useWords } from "../../../i18n/words";
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

export function Found(props: {
  object: string;
  asked: { filter: string | undefined; search: string | undefined };
}) {
  const say = useWords(records);
  const count = useCount(props.object, props.asked).data?.count;
  const reach = useReach(props.object);
  const scope = useScope(props.object);
  return (
    <span role="status" className="number">
      {count === undefined ? say("counting") : say("found", { n: count })}
      {scope && ` · ${say(reach === "all" ? "scopeWhole" : "scope", { scope })}`}
    </span>
  );
}

export function Why(props: { object: string }) {
  const say = useWords(records);
  const scope = useScope(props.object) ?? "–";
  return (
    <>
      <p style={{ marginTop: 0 }}>{say("why", { scope })}</p>
      <p style={{ marginBottom: 0 }}>{say("whyAsk")}</p>
    </>
  );
}
