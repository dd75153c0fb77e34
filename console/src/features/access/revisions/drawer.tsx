/** One revision beside the list: what it changed, who gained and lost by it, and making it current again. */

import { App, Button, Drawer, Select, Spin } from "antd";
import { useState } from "react";
import { reasonWord } from "../../../i18n/operations";
import { revisions as words } from "../../../i18n/revisions";
import { useLanguage, useWords } from "../../../i18n/words";
import { useMay } from "../../../session";
import { useAddress } from "../../../ui/address";
import { ConfirmByTyping } from "../../../ui/confirm";
import { DiffView } from "../../../ui/diff";
import { Moment, moment } from "../../../ui/moment";
import { Facts } from "../../../ui/page";
import { PersonTag } from "../../../ui/person";
import { ProblemNote } from "../../../ui/problem";
import { Answered } from "../../../ui/state";
import { Effects } from "../effects";
import { useOutcome } from "../outcome";
import { usePlaces } from "../places";
import { useReturn } from "../saving";
import { type Policy, type Revision, useWorld, type World } from "../world";
import { useDifferences, useImpact, useRevision } from "./queries";

const CLOSED = { revision: undefined, from: undefined, back: undefined };

export function RevisionDrawer(props: {
  number: number;
  from: number | undefined;
  known: readonly Revision[];
}) {
  const { number, from } = props;
  const say = useWords(words);
  const at = useLanguage() === "en" ? 0 : 1;
  const found = useRevision(number);
  const may = useMay()(["guan.manage_sets"]);
  const [search, go] = useAddress();
  const setAsking = (asking: boolean) => go({ back: asking ? "yes" : undefined }, "replace");
  const asking = search.back === "yes" && found.data?.current === false;
  const world = useWorld();
  const current = world.data?.revision.number;
  const others = props.known.filter((one) => one.number !== number);
  const isCurrent = found.data?.current ?? true;
  // Numbers may be skipped, so the one before is looked up among those that are listed.
  const before = from ?? others.find((one) => one.number < number)?.number;
  return (
    <Drawer
      open
      size={760}
      title={say("facts", { n: number })}
      onClose={() => go(CLOSED)}
      extra={
        !isCurrent && (
          <span className="tags">
            <Button
              disabled={current === undefined || from === current}
              onClick={() => go({ from: String(current) }, "replace")}
            >
              {say("compareCurrent")}
            </Button>
            {may && (
              <Button type="primary" onClick={() => setAsking(true)}>
                {say("makeCurrent")}
              </Button>
            )}
          </span>
        )
      }
    >
      <Answered of={found}>
        {(revision) => (
          <>
            <Facts
              rows={[
                [say("reason"), reasonWord(revision.reason, at) || say("noReason")],
                [
                  say("author"),
                  <PersonTag
                    key="by"
                    id={revision.author}
                    name={world.data?.policy.users[revision.author]?.name}
                    withId
                  />,
                ],
                [say("at"), <Moment key="at" at={revision.at} seconds />],
                [
                  say("digest"),
                  <span key="d" className="code">
                    {revision.digest}
                  </span>,
                ],
              ]}
            />
            <div className="tools bare">
              <label htmlFor="from">{say("comparedWith")}</label>
              <Select
                id="from"
                style={{ width: 260 }}
                value={from ?? 0}
                options={[
                  { value: 0, label: say("before") },
                  ...others.map((one) => ({
                    value: one.number,
                    label: `${one.number} · ${reasonWord(one.reason, at) || moment(one.at)}`,
                  })),
                ]}
                onChange={(next) => go({ from: next === 0 ? undefined : String(next) }, "replace")}
              />
            </div>
            {from !== undefined && from === current && (
              <p className="quiet">{say("backSays", { n: String(number) })}</p>
            )}
          </>
        )}
      </Answered>
      <Answered of={world}>
        {({ policy }) => (
          <>
            <Differing policy={policy} number={number} from={from} />
            <Impact policy={policy} number={number} from={before} />
          </>
        )}
      </Answered>
      {asking && world.data && (
        <MakeCurrent number={number} world={world.data} onClose={() => setAsking(false)} />
      )}
    </Drawer>
  );
}

function Differing(props: { policy: Policy; number: number; from: number | undefined }) {
  const say = useWords(words);
  const places = usePlaces(props.policy);
  const found = useDifferences(props.number, props.from);
  return (
    <>
      <h3 className="part">{say("differences")}</h3>
      <Answered of={found}>
        {({ pages }) => (
          <>
            <DiffView rows={distinct(pages.flatMap(({ items }) => items.map(places.row)))} />
            {found.hasNextPage && (
              <Button
                style={{ marginTop: 8 }}
                loading={found.isFetchingNextPage}
                onClick={() => void found.fetchNextPage()}
              >
                {say("more")}
              </Button>
            )}
          </>
        )}
      </Answered>
    </>
  );
}

/** Rows that would read the same are counted apart: two entities may have one name. */
function distinct<T extends { what: string }>(rows: readonly T[]): T[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const nth = (seen.get(row.what) ?? 0) + 1;
    seen.set(row.what, nth);
    return nth === 1 ? row : { ...row, what: `${row.what} (${nth})` };
  });
}

function Impact(props: { policy: Policy; number: number; from: number | undefined }) {
  const { policy, number, from } = props;
  const say = useWords(words);
  const [wanted, setWanted] = useState(false);
  const found = useImpact(number, from, wanted);
  if (from === undefined) return null;
  return (
    <>
      <h3 className="part">{say("impact")}</h3>
      <p className="quiet">{say("impactAbout", { from: String(from), to: String(number) })}</p>
      {!wanted && <Button onClick={() => setWanted(true)}>{say("impactAsk")}</Button>}
      {found.isFetching && <Spin size="small" />}
      <ProblemNote error={found.error} />
      {found.data && <Effects policy={policy} gains={found.data.gains} />}
    </>
  );
}

function MakeCurrent(props: { number: number; world: World; onClose: () => void }) {
  const { number, world } = props;
  const expected = world.revision.number;
  const impact = useImpact(number, expected, true);
  const say = useWords(words);
  const { message } = App.useApp();
  const [, go] = useAddress();
  const said = useOutcome();
  const back = useReturn((made) => {
    void message.success(said(made));
    go(CLOSED);
  });
  const reason = say("makeCurrentTitle", { n: String(number) });
  return (
    <ConfirmByTyping
      open
      title={say("makeCurrentTitle", { n: String(number) })}
      name={String(number)}
      act={say("makeCurrent")}
      busy={back.busy}
      lost={back}
      error={back.error}
      onConfirm={() => back.take({ to: number, expected, reason })}
      onCancel={props.onClose}
    >
      <p>{say("makeCurrentAbout")}</p>
      <h3 className="part">{say("backImpact")}</h3>
      {impact.isFetching && <Spin size="small" />}
      <ProblemNote error={impact.error} />
      {impact.data && <Effects policy={world.policy} gains={impact.data.gains} />}
    </ConfirmByTyping>
  );
}
