/** What a person works with: the records that they own, and what they asked for. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { objectName, objects as wellKnown } from "../../i18n/objects";
import { overview } from "../../i18n/overview";
import { received } from "../../i18n/received";
import { useLanguage, useWords } from "../../i18n/words";
import { useMyObjects, useSession } from "../../session";
import { Received } from "../../ui/received";
import { Tile } from "./parts";

/** Objects that are counted, in the order in which sales people know them. */
const COUNTED = Object.keys(wellKnown).slice(0, 4);
const STALE_MS = 60_000;
const REQUESTS_MAX = 50;

const quoted = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

export function Mine() {
  const say = useWords(overview);
  const shared = useWords(received);
  const at = useLanguage() === "en" ? 0 : 1;
  const me = useSession().data?.user ?? "";
  const known = useMyObjects().data ?? [];
  const mine = COUNTED.flatMap((id) => known.filter((one) => one.id === id));
  const counts = useQueries({
    queries: mine.map(({ id: object }) => ({
      queryKey: ["records", object, "mine", me],
      queryFn: () =>
        answer(
          api.GET("/api/v1/record-counts/{object}", {
            params: { path: { object }, query: { filter: `$record.owner = ${quoted(me)}` } },
          }),
        ),
      staleTime: STALE_MS,
      retry: false,
    })),
  });
  const asked = useQuery({
    queryKey: ["access-requests", "mine", "overview"],
    queryFn: () =>
      answer(
        api.GET("/api/v1/access-requests", {
          params: { query: { show: "mine", limit: REQUESTS_MAX } },
        }),
      ),
    retry: false,
  }).data;
  const open = asked?.items.filter(({ state }) => state === "open").length;
  return (
    <section aria-label={say("mine")}>
      <h2 className="part">{say("mine")}</h2>
      <div className="tiles">
        {mine.map((object, n) => (
          <Tile
            key={object.id}
            name={say("mineOf", { what: objectName(object, at) })}
            value={counts[n]?.data?.count.toLocaleString() ?? "…"}
            about={say("mineOpen")}
            to={`/records/${object.id}`}
            search={{ owner: "me" }}
          />
        ))}
        <Tile
          name={say("mineAsked")}
          value={open?.toLocaleString() ?? "…"}
          about={say("mineAskedOpen")}
          to="/requests"
          search={{ show: "mine" }}
        />
      </div>
      <h2 className="part">{shared("title")}</h2>
      <div className="sheet" style={{ padding: "4px 16px", marginBottom: 16 }}>
        <div>{me && <Received user={me} />}</div>
      </div>
    </section>
  );
}
