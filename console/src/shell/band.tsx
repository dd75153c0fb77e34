/** The band of open windows: for everybody whom one concerns, and red for who answers for the switch while anything is off. */
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { shell } from "../i18n/shell";
import { useWords } from "../i18n/words";
import { screens } from "../screens";
import { SWITCH, useSwitch } from "../switch";
import { Countdown } from "../ui/countdown";

export function Band() {
  const say = useWords(shell);
  const { data, dataUpdatedAt, isError } = useSwitch();
  useFresh(data?.windows.map(({ overlay, ends }) => `${overlay} ${ends}`).join() ?? "");
  if (!data) return null;
  const answers = data.duties.length > 0;
  const kinds: Record<string, string> = {
    suspension: say("suspension"),
    elevation: say("elevation"),
    disablement: say("disablement"),
  };
  const hasScreen = screens.some((screen) => screen.path === "/switch");
  return data.windows.map((window) => (
    <div key={window.overlay} role="status" className={answers ? "band alarm" : "band"}>
      <strong>
        {kinds[window.kind] ?? window.kind}
        {answers && !window.concerns_me && ` ${say("forOthers")}`}
      </strong>
      <Countdown left_s={window.left_s} asOf_ms={dataUpdatedAt} />
      <span className="why">
        {isError ? say("windowOld") : say("windowReason", { reason: window.reason })}
      </span>
      {hasScreen && answers && (
        <Link to={(window.request ? `/switch/${window.request}` : "/switch") as string}>
          {say("windowMore")}
        </Link>
      )}
    </div>
  ));
}

/** What was shown under other windows than now may hold more, or less, than the person may see. */
function useFresh(windows: string): void {
  const client = useQueryClient();
  const before = useRef<string>(undefined);
  useEffect(() => {
    const changed = before.current !== undefined && before.current !== windows;
    before.current = windows;
    if (!changed) return;
    const isOther = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[0] !== SWITCH[0];
    void client.invalidateQueries({ predicate: isOther });
  }, [windows, client]);
}

/** How many requests wait for the person, in the bar. */
export function Waiting() {
  const say = useWords(shell);
  const waiting = useSwitch().data?.waiting ?? 0;
  if (waiting === 0) return null;
  return (
    <Link to={"/switch" as string} search={{ show: "mine" } as never} className="waiting">
      {say("waiting", { n: waiting })} <span className="badge">{waiting}</span>
    </Link>
  );
}
