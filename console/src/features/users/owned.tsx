/** The records that a user owns, object by object, and their transfer to somebody else. */
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Modal, Select, Table } from "antd";
import { useRef, useState } from "react";
import { refusals } from "../../i18n/refusals";
import { users } from "../../i18n/users";
import { useWords } from "../../i18n/words";
import { useRecordTitle } from "../../ui/called";
import { UserPicker, useObjectChoices } from "../../ui/choice";
import { WhyFew } from "../../ui/list";
import { ProblemNote } from "../../ui/problem";
import { Answered } from "../../ui/state";
import { type Done, transfer, useOwned, useOwnedCount } from "./transfer";

const PAGE = 20;

export function Owned(props: { user: string }) {
  const say = useWords(users);
  const choices = useObjectChoices();
  const [chosen, setObject] = useState<string>();
  const object = chosen ?? choices[0]?.value;
  const label = choices.find(({ value }) => value === object)?.label ?? object ?? "";
  return (
    <>
      <p className="quiet">{say("ownedWhy")}</p>
      <div className="tools" style={{ padding: "0 0 12px" }}>
        <Select
          style={{ width: 220 }}
          aria-label={say("look")}
          placeholder={say("look")}
          value={object ?? null}
          options={[...choices]}
          onChange={(next) => setObject(next ?? undefined)}
        />
      </div>
      {object && <Found key={object} user={props.user} object={object} label={label} />}
    </>
  );
}

type Of = { user: string; object: string; label: string };

function Found(props: Of) {
  const say = useWords(users);
  const title = useRecordTitle();
  const [passed, setPassed] = useState<readonly (string | undefined)[]>([undefined]);
  const [moving, setMoving] = useState(false);
  const found = useOwned(props.user, props.object, PAGE, passed.at(-1));
  const count = useOwnedCount(props.user, props.object).data?.count;
  return (
    <>
      <div className="tools" style={{ padding: "0 0 8px" }}>
        <span className="number">
          {count === undefined ? "…" : say("ownedFound", { n: count })}
        </span>
        <WhyFew>{say("ownedFew")}</WhyFew>
        <span className="rest">
          <Link to={`/records/${props.object}` as string} search={{ owner: props.user } as never}>
            {say("ownedOpen")}
          </Link>
          <Button disabled={!count} onClick={() => setMoving(true)}>
            {say("transfer")}
          </Button>
        </span>
      </div>
      <Answered of={found}>
        {({ items, next }) => (
          <>
            <Table
              rowKey="id"
              size="small"
              dataSource={items}
              pagination={false}
              locale={{ emptyText: <span className="quiet">{say("ownedNone")}</span> }}
              columns={[
                {
                  key: "name",
                  title: say("version"),
                  render: (_, row) => (
                    <Link
                      to={`/records/${props.object}/${encodeURIComponent(row.id)}` as string}
                      title={row.id}
                    >
                      {title(row)}
                    </Link>
                  ),
                },
                {
                  key: "id",
                  title: say("recordId"),
                  width: 220,
                  render: (_, row) => <span className="code">{row.id}</span>,
                },
              ]}
            />
            <div className="foot">
              <span className="rest">
                <Button
                  size="small"
                  disabled={passed.length === 1}
                  onClick={() => setPassed(passed.slice(0, -1))}
                >
                  {say("ownedBack")}
                </Button>
                <Button
                  size="small"
                  disabled={!next}
                  onClick={() => next && setPassed([...passed, next])}
                >
                  {say("ownedMore")}
                </Button>
              </span>
            </div>
          </>
        )}
      </Answered>
      {moving && count !== undefined && (
        <Transfer {...props} count={count} onClose={() => setMoving(false)} />
      )}
    </>
  );
}

function Transfer(props: Of & { count: number; onClose: () => void }) {
  const say = useWords(users);
  const client = useQueryClient();
  const { user, object, count } = props;
  const [to, setTo] = useState<string>();
  const [state, setState] = useState<"asked" | "running" | "over">("asked");
  const [done, setDone] = useState<Done>({ n: 0, left: [] });
  const [error, setError] = useState<unknown>();
  const stopped = useRef(false);
  const run = async () => {
    if (!to) return;
    setState("running");
    try {
      await transfer({ user, object, to }, setDone, () => stopped.current);
    } catch (thrown) {
      setError(thrown);
    }
    setState("over");
    await client.invalidateQueries({ queryKey: ["records", object] });
  };
  const over = state === "over";
  return (
    <Modal
      open
      title={say("transfer")}
      okText={over ? say("close") : say("transfer")}
      cancelText={state === "running" ? say("stop") : say("cancel")}
      okButtonProps={{ disabled: !to || to === user }}
      confirmLoading={state === "running"}
      onOk={() => (over ? props.onClose() : void run())}
      onCancel={() => {
        stopped.current = true;
        if (state !== "running") props.onClose();
      }}
    >
      <p>{say("transferWhy", { n: count, object: props.label })}</p>
      <UserPicker label={say("transferTo")} value={to} onChange={setTo} />
      {state !== "asked" && (
        <>
          <p role="status">
            {over
              ? say("transferred", { n: done.n, failed: done.left.length })
              : say("transferring", { n: done.n, of: count })}
          </p>
          <Left of={done} />
        </>
      )}
      <ProblemNote error={error} />
    </Modal>
  );
}

const LEFT_MAX = 20;

/** What stayed where it was, and why. */
function Left(props: { of: Done }) {
  const say = useWords(refusals);
  const { left } = props.of;
  return (
    <ul className="plain-list">
      {left.slice(0, LEFT_MAX).map(({ id, why, refusal, reference }) => (
        <li key={id}>
          <span>
            <span className="code">{id}</span>{" "}
            <span className="quiet">
              {refusal && refusal in refusals ? say(refusal as "other") : why}
            </span>
          </span>
          {reference != null && (
            <Link to={`/explain/${reference}` as string}>{say("reference", { n: reference })}</Link>
          )}
        </li>
      ))}
    </ul>
  );
}
