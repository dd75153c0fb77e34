/** One row of the log: what it says, before and after, the decision, what stands beside it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { answer, api } from "../../api/client";
import { audit } from "../../i18n/audit";
import { ledgerKinds } from "../../i18n/ledger";
import { entityKinds } from "../../i18n/waiting";
import { useLanguage, useWords } from "../../i18n/words";
import { AboutRow, useRowTitles } from "../../ui/about";
import { useAddress } from "../../ui/address";
import { DiffView } from "../../ui/diff";
import { useNames } from "../../ui/directory";
import { callerName, kindOf, type LedgerRow, momentOf, rowsOf } from "../../ui/ledger";
import { useNamed } from "../../ui/named";
import { Facts } from "../../ui/page";
import { placeOf } from "../../ui/places";
import { Answered, Missing } from "../../ui/state";
import { decisionFacts, rowFacts } from "./facts";

const AROUND = 4;
const EXPLAINED = ["decision_denied", "would_deny"];

/** The row and those beside it, in one call: pages go downwards from a cursor. */
function useAround(sequence: number) {
  return useQuery({
    queryKey: ["ledger", "around", sequence],
    queryFn: async () => {
      const { rows } = await rowsOf({ cursor: sequence + AROUND, limit: 2 * AROUND });
      return rows;
    },
  });
}

export function RowDrawer(props: { sequence: number }) {
  const say = useWords(audit);
  const [, go] = useAddress();
  const found = useAround(props.sequence);
  return (
    <Drawer
      open
      size={620}
      title={say("row", { n: props.sequence })}
      onClose={() => go({ row: undefined })}
    >
      <Answered of={found}>
        {(rows) => {
          const row = rows.find(({ sequence }) => sequence === props.sequence);
          return row ? <Row row={row} beside={rows} /> : <Missing />;
        }}
      </Answered>
    </Drawer>
  );
}

function Row(props: { row: LedgerRow; beside: readonly LedgerRow[] }) {
  const say = useWords(audit);
  const at = useLanguage() === "en" ? 0 : 1;
  const kind = useNamed(ledgerKinds);
  const names = useNames();
  const [, go] = useAddress();
  const { row } = props;
  const { entry } = row;
  const titles = useRowTitles([row]);
  const window = entry.suspension ? placeOf("window", entry.suspension.overlay) : undefined;
  return (
    <>
      <p>
        <strong>{kind(kindOf(row))}</strong> <AboutRow row={row} titles={titles} />
      </p>
      <p>
        {EXPLAINED.includes(entry.kind) && (
          <Link to={`/explain/${row.sequence}` as string}>{say("explain")}</Link>
        )}{" "}
        {window && <Link to={window as string}>{say("openReport")}</Link>}
      </p>
      <Facts rows={rowFacts(row, say, names.user, at)} />
      {entry.decision && (
        <>
          <h3 className="part">{say("decision")}</h3>
          <Facts rows={decisionFacts(entry.decision, say, at)} />
        </>
      )}
      {(entry.change?.revision || entry.change?.before || entry.change?.after) && (
        <Change row={row} />
      )}
      <h3 className="part">{say("neighbours")}</h3>
      <ul className="rows">
        {props.beside.map((other) => (
          <li key={other.sequence}>
            <span>
              <span className="number quiet">{momentOf(other)}</span> {kind(kindOf(other))}{" "}
              <span className="quiet">{callerName(other.entry.who.caller, names.user, at)}</span>
            </span>
            <Button
              size="small"
              disabled={other.sequence === row.sequence}
              onClick={() => go({ row: String(other.sequence) }, "replace")}
            >
              {say("row", { n: other.sequence })}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

const shown = (value: unknown) =>
  value == null ? undefined : typeof value === "string" ? value : JSON.stringify(value);

function Change(props: { row: LedgerRow }) {
  const say = useWords(audit);
  const entity = useNamed(entityKinds);
  const { change } = props.row.entry;
  const revision = change?.revision;
  const found = useQuery({
    queryKey: ["revisions", "differences", revision],
    queryFn: () =>
      answer(
        api.GET("/api/v1/revisions/{revision}/differences", {
          params: {
            path: { revision: Number(revision) },
            query: { from: Number(revision) - 1, limit: 50 },
          },
        }),
      ),
    enabled: revision != null && revision > 1,
    retry: false,
  });
  return (
    <>
      <h3 className="part">{say("change")}</h3>
      {found.data ? (
        <DiffView
          rows={found.data.items.map((one) => {
            const [before, after] = [shown(one.before), shown(one.after)];
            return {
              what: [entity(one.entity.replace(/s$/, "")), one.id, one.place]
                .filter(Boolean)
                .join(" · "),
              ...(before === undefined ? {} : { before }),
              ...(after === undefined ? {} : { after }),
            };
          })}
        />
      ) : (
        <>
          <p className="quiet">{say("imprint")}</p>
          <DiffView
            rows={[
              {
                what: say("hash"),
                ...(change?.before ? { before: shown(change.before) ?? "" } : {}),
                ...(change?.after ? { after: shown(change.after) ?? "" } : {}),
              },
            ]}
          />
        </>
      )}
    </>
  );
}
