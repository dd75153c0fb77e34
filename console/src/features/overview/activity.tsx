/** The last 24 hours as the server counted them: what was refused, by object and by hour; and what windows let through. */

import { Link } from "@tanstack/react-router";
import dayjs from "dayjs";
import { useMemo } from "react";
import { objectName } from "../../i18n/objects";
import { overview } from "../../i18n/overview";
import { useLanguage, useWords } from "../../i18n/words";
import { useMyObjects } from "../../session";
import { Bars, Hours } from "./parts";
import type { Decisions } from "./queries";

export function Activity(props: { of: Decisions }) {
  return (
    <div className="columns">
      <Timeline {...props} />
      <Refusals {...props} />
    </div>
  );
}

function Timeline({ of }: { of: Decisions }) {
  const say = useWords(overview);
  const names = [say("denied"), say("would"), say("lists"), say("written")] as const;
  const key = names.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names are new texts each time, the key is not
  const { hours, series } = useMemo(
    () => ({
      hours: of.hours.map(({ from }) => dayjs(from).format("HH:00")),
      series: [
        { name: names[0], data: of.hours.map(({ refused }) => refused) },
        { name: names[1], data: of.hours.map(({ let_through }) => let_through) },
        { name: names[2], data: of.hours.map(({ lists }) => lists) },
        { name: names[3], data: of.hours.map(({ written }) => written) },
      ],
    }),
    [of, key],
  );
  const [denied = 0, would = 0, lists = 0, written = 0] = series.map(({ data }) =>
    data.reduce((sum, n) => sum + n, 0),
  );
  return (
    <section className="sheet">
      <h2>{say("activity")}</h2>
      <p className="quiet">
        {say("activitySays", { denied, would, lists, written })}{" "}
        {!of.is_whole && say("activityCut")}
      </p>
      <Hours title={say("activity")} hours={hours} series={series} />
    </section>
  );
}

const SHOWN_MAX = 8;

function Refusals({ of }: { of: Decisions }) {
  const say = useWords(overview);
  const language = useLanguage() === "en" ? 0 : 1;
  const mine = useMyObjects().data;
  const rows = useMemo(() => {
    const names = new Map(mine?.map(({ id, name }) => [id, name]));
    return of.objects.slice(0, SHOWN_MAX).map(({ object, refused }) => ({
      object,
      name: objectName({ id: object, name: names.get(object) ?? object }, language),
      refused,
    }));
  }, [of, mine, language]);
  const bars = useMemo(() => rows.map(({ name, refused }) => [name, refused] as const), [rows]);
  return (
    <section className="sheet">
      <h2>{say("deniedByObject")}</h2>
      {rows.length === 0 ? (
        <p className="quiet">{say("deniedNone")}</p>
      ) : (
        <>
          <Bars title={say("deniedByObject")} rows={bars} />
          <ul className="plain-list">
            {rows.map(({ object, name, refused }) => (
              <li key={object}>
                <Link to={"/audit" as string} search={{ kind: "decision_denied", object } as never}>
                  {say("deniedOf", { what: name, n: refused })}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
