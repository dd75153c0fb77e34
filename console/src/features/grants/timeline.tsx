/** Access over time: what was given with an end, and the windows of the switch, on one time line. Recorded facts alone. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { answer, api } from "../../api/client";
import { grants } from "../../i18n/grants";
import { useWords } from "../../i18n/words";
import { useMay } from "../../session";
import { useAddress } from "../../ui/address";
import { usePrincipal } from "../../ui/decision";
import { WhyFew } from "../../ui/list";
import { Empty } from "../../ui/state";
import { type Span, TimeBars } from "../../ui/timebars";
import type { Grant } from "./grants";
import { bounded, ROWS_MAX, shownTime, spanOf, spanOfWindow, type Window, within } from "./spans";

const WINDOWS = ["guan.manage_overlays", "guan.approve_overlays", "guan.review_overlays"];
const WINDOWS_MAX = 200;
const LOOKS = { suspension: "relaxed", elevation: "given", disablement: "taken" } as const;

/** The latest windows, open or over, for those who have to do with them. */
function useWindows(): readonly Window[] {
  const may = useMay()(WINDOWS);
  const found = useQuery({
    queryKey: ["switch", "overlays", "latest"],
    queryFn: () =>
      answer(api.GET("/api/v1/overlays", { params: { query: { limit: WINDOWS_MAX } } })),
    enabled: may,
    retry: false,
  });
  return found.data?.items ?? [];
}

export function Timeline(props: { rows: readonly Grant[]; now_ms: number }) {
  const say = useWords(grants);
  const principal = usePrincipal();
  const navigate = useNavigate();
  const [, go] = useAddress();
  const windows = useWindows();
  const { now_ms } = props;
  const given = bounded(props.rows).map(
    (grant): Span => ({
      key: grant.id,
      label: `${principal(grant.content.to)} · ${principal(grant.content.what)}`,
      look: "given",
      note: say("spanGiven"),
      onOpen: () => go({ grant: grant.id }),
      ...spanOf(grant),
    }),
  );
  const relaxed = windows.map((window): Span => {
    const { kind } = window.overlay.effect;
    return {
      key: window.id,
      label: window.overlay.reason,
      look: LOOKS[kind],
      note: say(kind),
      onOpen: () => void navigate({ to: `/switch/${window.id}` as string }),
      ...spanOfWindow(window),
    };
  });
  const [from_ms, to_ms] = shownTime(given, now_ms);
  const all = within([...given, ...relaxed], [from_ms, to_ms]);
  if (all.length === 0) return <Empty title={say("timeNone")}>{say("timeNoneWhy")}</Empty>;
  return (
    <>
      <p className="time-legend">
        {(["given", "relaxed", "taken"] as const).map((look) => (
          <span key={look}>
            <span className={`time-sample ${look}`} aria-hidden /> {say(look)}
          </span>
        ))}
      </p>
      <TimeBars
        label={say("time")}
        spans={all.slice(0, ROWS_MAX)}
        from_ms={from_ms}
        to_ms={to_ms}
        now_ms={now_ms}
      />
      <div className="foot">
        <span className="number">
          {say("timeShown", { n: Math.min(all.length, ROWS_MAX), all: all.length })}
        </span>
        <WhyFew>{say("timeFew")}</WhyFew>
      </div>
    </>
  );
}
