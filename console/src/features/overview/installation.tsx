/** The installation: people, records, policy and ledger in numbers. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { objectName } from "../../i18n/objects";
import { overview } from "../../i18n/overview";
import { useLanguage, useWords } from "../../i18n/words";
import { Answered } from "../../ui/state";
import { Bars, Tile } from "./parts";

export function Installation(props: { powers: ReactNode }) {
  const say = useWords(overview);
  const system = useQuery({
    queryKey: ["system"],
    queryFn: () => answer(api.GET("/api/v1/system")),
  });
  return (
    <Answered of={system}>
      {(shown) => (
        <>
          <div className="tiles">
            <Tile name={say("users")} value={shown.users.toLocaleString()} to="/users" />
            <Tile
              name={say("records")}
              value={shown.records.reduce((sum, { count }) => sum + count, 0).toLocaleString()}
            />
            <Tile name={say("revision")} value={shown.revision.toLocaleString()} />
            <Tile name={say("ledger")} value={shown.ledger_rows.toLocaleString()} to="/audit" />
          </div>
          <div className="columns">
            <Records rows={shown.records} />
            {props.powers}
          </div>
        </>
      )}
    </Answered>
  );
}

function Records(props: { rows: readonly Schemas["StoredRecords"][] }) {
  const say = useWords(overview);
  const language = useLanguage() === "en" ? 0 : 1;
  const rows = useMemo(
    () =>
      props.rows.map(
        ({ object, count }) => [objectName({ id: object, name: object }, language), count] as const,
      ),
    [props.rows, language],
  );
  return (
    <section className="sheet">
      <h2>{say("byObject")}</h2>
      <Bars title={say("byObject")} rows={rows} />
    </section>
  );
}
