/** One rule, restriction or roll-up in a drawer: edited, tried on the server, and added to the unsaved changes. */
import { Alert, Button, Drawer, Input, Space, Spin } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { problemOf } from "../../../api/client";
import { sharing as words } from "../../../i18n/sharing";
import { useWords } from "../../../i18n/words";
import { ProblemNote } from "../../../ui/problem";
import { useUnsaved } from "../../../ui/unsaved";
import { changed, same, stands } from "../draft";
import type { Draft } from "../drafting";
import { Effects } from "../effects";
import { usePreview } from "../saving";
import type { World } from "../world";
import {
  BLANK,
  CONDITIONS,
  type Contents,
  contentOf,
  type EntityKind,
  freeId,
  placeOf,
  trimmed,
} from "./entities";
import { Line, Mistake } from "./inputs";
import { elsewhere, type Wrong, wrongs } from "./problems";
import { RestrictionForm } from "./restriction";
import { RollUpForm } from "./rollup";
import { RuleForm } from "./rule";

const NEW = "new";

/** The members that show what is wrong with them beside their input. */
const SHOWN: Readonly<Record<EntityKind, readonly string[]>> = {
  rule: [
    "name",
    "object",
    "owned_by",
    "in_units",
    "tagged",
    "when",
    "to",
    "rights",
    "starts",
    "ends",
  ],
  restriction: ["name", "object", "who", "whose", "only", "actions", "fields"],
  roll_up: ["tree", "who", "span", "covers", "depth_max", "rights"],
};

export function Editor(props: {
  world: World;
  draft: Draft;
  kind: EntityKind;
  /** Its id, or `new`. */
  entity: string;
  title: string;
  onClose: () => void;
}) {
  const { world, draft, kind, entity } = props;
  const { policy } = world;
  const say = useWords(words);
  const isNew = entity === NEW;
  const first = isNew ? BLANK[kind] : (contentOf(policy, draft.edits, kind, entity) ?? BLANK[kind]);
  const [content, setContent] = useState<Contents[EntityKind]>(first);
  const [newId, setNewId] = useState("");
  const [tried, setTried] = useState<Contents[EntityKind]>();
  const about = "object" in content ? `${content.object} ${content.name ?? ""}` : content.tree;
  const id = isNew ? newId || freeId(policy, draft.edits, kind, about.trim()) : entity;
  const place = placeOf(kind, id);
  const isChanged = !same(trimmed(content), trimmed(first));
  const edits = changed(policy, new Map(), tried ? [{ ...place, now: trimmed(tried) }] : []);
  const preview = usePreview(world, edits, tried !== undefined);
  const current = tried !== undefined && same(tried, content);
  const set = CONDITIONS[kind].filter((name) => (content as Record<string, unknown>)[name]);
  const wrong = current ? wrongs(preview.data, preview.error, set) : [];
  const [isKeeping, setKeeping] = useState(false);
  useUnsaved(isChanged && !isKeeping);
  const change = (now: unknown) => {
    draft.change([{ ...place, now }]);
    // At once, so that closing does not ask about what was just kept.
    flushSync(() => setKeeping(true));
    props.onClose();
  };
  const isKept = stands(policy, place) !== undefined || draft.edits.size > 0;
  return (
    <Drawer
      open
      size={760}
      title={props.title}
      onClose={props.onClose}
      footer={
        <Space wrap>
          <Button type="primary" disabled={!isChanged} onClick={() => change(trimmed(content))}>
            {say("keep")}
          </Button>
          <Button onClick={() => setTried(content)} loading={preview.isFetching}>
            {say("tryIt")}
          </Button>
          {!isNew && isKept && (
            <Button danger onClick={() => change(undefined)}>
              {say("keepRemoval")}
            </Button>
          )}
        </Space>
      }
    >
      <Fields
        world={world}
        kind={kind}
        content={content}
        wrong={wrong}
        onChange={(part) => setContent({ ...content, ...part } as Contents[EntityKind])}
      />
      {isNew && (
        <Line label={say("id")}>
          {(input) => (
            <Input
              id={input}
              className="code"
              placeholder={id}
              value={newId}
              onChange={({ target }) => setNewId(target.value)}
            />
          )}
        </Line>
      )}
      {elsewhere(wrong, SHOWN[kind]).map((one) => (
        <Mistake key={one.what} wrong={one} />
      ))}
      {current && <Outcome world={world} same={edits.size === 0} preview={preview} wrong={wrong} />}
    </Drawer>
  );
}

function Fields(props: {
  world: World;
  kind: EntityKind;
  content: Contents[EntityKind];
  wrong: readonly Wrong[];
  onChange: (change: object) => void;
}): ReactNode {
  const { kind, wrong, onChange } = props;
  const of = { policy: props.world.policy, wrong, onChange };
  if (kind === "rule") return <RuleForm {...of} content={props.content as Contents["rule"]} />;
  if (kind === "restriction") {
    return <RestrictionForm {...of} content={props.content as Contents["restriction"]} />;
  }
  return <RollUpForm {...of} content={props.content as Contents["roll_up"]} />;
}

/** What the dry run says: who gains and loses, or why it cannot be. */
function Outcome(props: {
  world: World;
  same: boolean;
  preview: ReturnType<typeof usePreview>;
  wrong: readonly Wrong[];
}) {
  const { preview, wrong } = props;
  const say = useWords(words);
  const isRefused = preview.error !== null && problemOf(preview.error).code !== "wrong_shape";
  const place = useRef<HTMLElement>(null);
  const isDone = !preview.isFetching;
  // What came out stands below the form; somebody who asked for it should not have to look for it.
  useEffect(() => {
    if (isDone) place.current?.scrollIntoView({ block: "nearest" });
  }, [isDone]);
  return (
    <section ref={place} aria-live="polite">
      <h3 className="part">{say("dryRun")}</h3>
      {props.same && <p className="quiet">{say("dryRunSame")}</p>}
      {preview.isFetching && <Spin size="small" />}
      {isRefused && <ProblemNote error={preview.error} />}
      {isDone && wrong.length > 0 && <Alert type="error" showIcon title={wrong[0]?.what} />}
      {preview.data?.impact && (
        <Effects policy={props.world.policy} gains={preview.data.impact.gains} />
      )}
    </section>
  );
}
