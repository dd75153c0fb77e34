/** The last 24 hours of the ledger: what was refused, by object and by hour; and what windows let through. */

import dayjs from "dayjs";
import { useMemo } from "react";
import { objectName } from "../../i18n/objects";
import { overview } from "../../i18n/overview";
import { useLanguage, useWords } from "../../i18n/words";
import { useMyObjects } from "../../session";
import { Answered } from "../../ui/state";
import { byObject, perHour } from "./counting";
import { Bars, Hours } from "./parts";
import { type Some, useRows } from "./queries";

type Rows = NonNullable<ReturnType<typeof useRows>["data"]>;

export function Activity() {
  const denied = useRows("decision_denied", true);
  const would = useRows("would_deny", true);
  const lists = useRows("list_relaxed", true);
  return (
    <Answered of={denied}>
      {(rows) => (
        <div className="columns">
          <Timeline denied={rows} would={would.data} lists={lists.data} />
          <Denials denied={rows} />
        </div>
      )}
    </Answered>
  );
}

const NONE: Some<never> = { items: [], cut: false };

function Timeline(props: { denied: Rows; would: Rows | undefined; lists: Rows | undefined }) {
  const say = useWords(overview);
  const { denied, would = NONE, lists = NONE } = props;
  const names = [say("denied"), say("would"), say("lists")] as const;
  const key = names.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names are new texts each time, the key is not
  const { hours, series } = useMemo(() => {
    const now = Date.now();
    const all = [denied, would, lists].map(({ items }) => perHour(items, now));
    return {
      hours: (all[0] ?? []).map(([hour]) => dayjs(hour).format("HH:00")),
      series: all.map((counts, index) => ({
        name: names[index] ?? "",
        data: counts.map(([, n]) => n),
      })),
    };
  }, [denied, would, lists, key]);
  const cut = denied.cut || would.cut || lists.cut;
  return (
    <section className="sheet">
      <h2>{say("activity")}</h2>
      <p className="quiet">
        {say("activitySays", {
          denied: denied.items.length,
          would: would.items.length,
          lists: lists.items.length,
        })}{" "}
        {cut && say("activityCut")}
      </p>
      <Hours title={say("activity")} hours={hours} series={series} />
    </section>
  );
}

function Denials(props: { denied: Rows }) {
  const say = useWords(overview);
  const language = useLanguage() === "en" ? 0 : 1;
  const mine = useMyObjects().data;
  const { items } = props.denied;
  const rows = useMemo(() => {
    const names = new Map(mine?.map(({ id, name }) => [id, name]));
    return byObject(items)
      .slice(0, 8)
      .map(([id, n]) => [objectName({ id, name: names.get(id) ?? id }, language), n] as const);
  }, [items, mine, language]);
  return (
    <section className="sheet">
      <h2>{say("deniedByObject")}</h2>
      {rows.length === 0 ? (
        <p className="quiet">{say("deniedNone")}</p>
      ) : (
        <Bars title={say("deniedByObject")} rows={rows} />
      )}
    </section>
  );
}
