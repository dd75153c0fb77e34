/** The band of open windows: for everybody whom one concerns, with the time that is left; red for who answers for it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answer, api } from "../api/client";
import { shell } from "../i18n/shell";
import { useWords } from "../i18n/words";
import { screens } from "../screens";
import type { Me } from "../session";
import { Countdown } from "../ui/countdown";

const ASK_EVERY_MS = 10_000;
const ANSWERABLE = ["guan.manage_overlays", "guan.approve_overlays", "guan.review_overlays"];

export function Band(props: { me: Me }) {
  const say = useWords(shell);
  const { data, dataUpdatedAt } = useQuery({
    queryKey: ["windows", "mine"],
    queryFn: () => answer(api.GET("/api/v1/overlays/active")),
    refetchInterval: ASK_EVERY_MS,
  });
  const answers = props.me.powers.some((power) => ANSWERABLE.includes(power));
  const kinds: Record<string, string> = {
    suspension: say("suspension"),
    elevation: say("elevation"),
    disablement: say("disablement"),
  };
  const hasScreen = screens.some((screen) => screen.path === "/switch");
  return data?.overlays.map((window) => (
    <div key={window.id} role="status" className={answers ? "band alarm" : "band"}>
      <strong>{kinds[window.kind] ?? window.kind}</strong>
      <Countdown left_s={window.left_s} asOf_ms={dataUpdatedAt} />
      <span className="why">{say("windowReason", { reason: window.reason })}</span>
      {hasScreen && <Link to="/switch">{say("windowMore")}</Link>}
    </div>
  ));
}
