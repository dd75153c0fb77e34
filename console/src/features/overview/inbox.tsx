/** What waits for the person's decision: windows to approve or review, and access that was asked for. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import dayjs from "dayjs";
import { answer, api } from "../../api/client";
import { actions } from "../../i18n/decision";
import { overview } from "../../i18n/overview";
import { offSwitch } from "../../i18n/switch";
import { useWords } from "../../i18n/words";
import { SWITCH, useSwitch } from "../../switch";
import { Brief } from "../../ui/brief";
import { useObjectTitle } from "../../ui/choice";
import { useColleagueName } from "../../ui/directory";
import { useNamed } from "../../ui/named";
import { useScope } from "../../ui/scope";
import { titleIn, useTitles } from "../../ui/titles";

const SHOWN_MAX = 5;
const ASK_EVERY_MS = 15_000;

function useWindows(enabled: boolean) {
  return useQuery({
    queryKey: [...SWITCH, "list", "overview"],
    // The description leaves the query of this operation out.
    queryFn: () =>
      answer(
        api.GET("/api/v1/switch/requests", {
          params: { query: { waiting: true, limit: SHOWN_MAX } as never },
        }),
      ),
    enabled,
    refetchInterval: ASK_EVERY_MS,
  });
}

function useAccess() {
  return useQuery({
    queryKey: ["access-requests", "overview"],
    queryFn: () =>
      answer(
        api.GET("/api/v1/access-requests", {
          params: { query: { show: "to_decide", limit: SHOWN_MAX } },
        }),
      ),
    refetchInterval: ASK_EVERY_MS,
    retry: false,
  });
}

/** For who has a duty at the switch, also while nothing waits; for others only when something does. */
export function Inbox() {
  const say = useWords(overview);
  const answers = (useSwitch().data?.duties ?? []).some((duty) =>
    ["approve", "review"].includes(duty),
  );
  const windows = useWindows(answers).data?.items ?? [];
  const access = useAccess();
  const asked = access.data?.items ?? [];
  const titles = useTitles(asked);
  const nameOf = useColleagueName();
  const title = useObjectTitle();
  const act = useNamed(actions);
  const kind = useNamed(offSwitch);
  const { what, whom } = useScope(title, (text) => nameOf(text.replace(/^\w+:/, "")));
  if (!answers && asked.length === 0) return null;
  const when = (at: string) => dayjs(at).format("MM-DD HH:mm");
  return (
    <section className="sheet asked gap" aria-label={say("inbox")}>
      <h2>{say("inbox")}</h2>
      {windows.length + asked.length === 0 && <p className="quiet">{say("inboxNone")}</p>}
      <ul className="plain-list">
        {windows.map(({ request }) => (
          <li key={request.id}>
            <Link to={`/switch/${request.id}` as string}>
              {say(request.state === "reported" ? "toReview" : "toApprove", {
                kind: kind(request.wanted.effect.kind),
                what: what(request.wanted.effect),
                whom: whom(request.wanted.audience),
              })}
            </Link>{" "}
            <span className="quiet">
              {say("askedBy", { who: nameOf(request.authors[0] ?? ""), at: when(request.drafted) })}
            </span>
            <Brief>{request.wanted.reason}</Brief>
          </li>
        ))}
        {asked.map((one) => (
          <li key={one.id}>
            <Link
              to={"/requests" as string}
              search={{ show: "to_decide", request: one.id } as never}
            >
              {say("toGive", {
                action: act(one.action).toLowerCase(),
                what: [title(one.object), one.record && titleIn(titles, one.object, one.record)]
                  .filter(Boolean)
                  .join(" · "),
              })}
            </Link>{" "}
            <span className="quiet">
              {say("askedBy", { who: nameOf(one.asker), at: when(one.asked) })}
            </span>
            <Brief>{one.reason}</Brief>
          </li>
        ))}
      </ul>
      {access.data?.next && (
        <Link to={"/requests" as string} search={{ show: "to_decide" } as never}>
          {say("inboxMore")}
        </Link>
      )}
    </section>
  );
}
