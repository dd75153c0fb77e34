/** Creating and changing a record, in a drawer. What is filled in survives a reload; a conflict shows both values. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Alert, App, Button, Drawer } from "antd";
import { useMemo, useState } from "react";
import { answer, api, problemOf, type Tagged } from "../../../api/client";
import { useIntention } from "../../../api/query";
import { edit } from "../../../i18n/edit";
import { recordNoun } from "../../../i18n/objects";
import { useLanguage, useWords } from "../../../i18n/words";
import { useSession } from "../../../session";
import { SWITCH } from "../../../switch";
import { fieldsOf, isEditable, type ObjectInfo, type RecordRow } from "../model";
import { readRecord } from "../queries";
import { Refused } from "../refused";
import { checks, type Found } from "./checks";
import { Conflict } from "./conflict";
import { type Draft, fieldOf, isEmpty, keepDraft, keptDraft, NOTHING } from "./draft";
import { Form } from "./form";

type Of = {
  object: ObjectInfo;
  record?: Tagged<RecordRow>;
  onClose: () => void;
};

const NEW = "new";

/** A parent stands in the relation, and in the field of the same name by which lists are filtered. */
function sent(draft: Draft, object: ObjectInfo) {
  const mirrored = Object.entries(draft.parents).filter(([relation]) => object.fields[relation]);
  return { fields: { ...draft.values, ...Object.fromEntries(mirrored) }, parents: draft.parents };
}

/** Sends what was filled in: a creation, or a change from the state that was read. */
function useSave(props: Of) {
  const intention = useIntention();
  const object = props.object.id;
  return async (draft: Draft, etag: string): Promise<string> => {
    if (!props.record) {
      const all = sent(draft, props.object);
      const parents = Object.fromEntries(
        Object.entries(all.parents).filter((entry): entry is [string, string] => !!entry[1]),
      );
      const fields = Object.fromEntries(
        Object.entries(all.fields).filter(([, value]) => value !== null),
      );
      const made = await answer(
        api.POST("/api/v1/records/{object}", {
          params: { path: { object }, header: { "idempotency-key": intention.key() } },
          body: { fields, parents },
        }),
      );
      intention.done();
      return made.id ?? "";
    }
    const { id } = props.record.value;
    await answer(
      api.PATCH("/api/v1/records/{object}/{id}", {
        params: { path: { object, id }, header: { "If-Match": etag } },
        // The description types each value as an empty object; any value is meant.
        body: sent(draft, props.object) as never,
      }),
    );
    return id;
  };
}

/** What was found of a value; another value is another finding. */
const keyOf = ({ field, says }: Found, { values }: Draft) =>
  JSON.stringify([field, says, values[field]]);

export default function EditDrawer(props: Of) {
  const { object, record } = props;
  const say = useWords(edit);
  const at = useLanguage() === "en" ? 0 : 1;
  const who = useSession().data?.user ?? "";
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const save = useSave(props);
  const id = record?.value.id ?? NEW;
  const [kept] = useState(() => keptDraft(who, object.id, id));
  const [draft, setDraft] = useState(kept);
  const [told, setTold] = useState<readonly string[]>([]);
  const [present, setPresent] = useState<Tagged<RecordRow>>();
  const [taken, setTaken] = useState<readonly string[]>([]);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const fields = useMemo(() => fieldsOf(object, at).filter(isEditable), [object, at]);
  const wrong = fieldOf(problemOf(error).detail);
  const isField = fields.some((field) => field.id === wrong);
  const found = checks(fields, draft.values);
  const said = (is: Found["is"]) =>
    found.filter((one) => one.is === is && told.includes(keyOf(one, draft)));
  const words = (all: readonly Found[]) =>
    Object.fromEntries(all.map(({ field, says }) => [field, say(says as "phoneOdd")]));
  const errors = {
    ...words(said("wrong")),
    ...(isField && wrong && { [wrong]: say("fieldRefused") }),
  };
  const doubts = words(said("doubt"));
  const change = (changed: Draft) => {
    const etag = changed.etag ?? record?.etag;
    const next = { ...changed, ...(etag && !isEmpty(changed) && { etag }) };
    setDraft(next);
    setError(undefined);
    keepDraft(who, object.id, id, next);
  };
  const finish = async (saved: string) => {
    keepDraft(who, object.id, id, NOTHING);
    void message.success(say("saved"));
    await client.invalidateQueries({ queryKey: ["records", object.id] });
    if (record) props.onClose();
    else await navigate({ to: `/records/${object.id}/${saved}` as string });
  };
  /** What looks odd is said once; whoever saves again means it. */
  const look = () => {
    setTold(found.map((one) => keyOf(one, draft)));
    if (found.every((one) => one.is === "doubt" && told.includes(keyOf(one, draft)))) void submit();
  };
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    const without = (all: object) =>
      Object.fromEntries(Object.entries(all).filter(([field]) => !taken.includes(field)));
    const chosen = { values: without(draft.values), parents: without(draft.parents) };
    try {
      if (record && isEmpty(chosen)) await finish(id);
      else await finish(await save(chosen, present?.etag ?? draft.etag ?? record?.etag ?? "*"));
    } catch (thrown) {
      const stale = record && problemOf(thrown).code === "stale";
      if (stale) setPresent(await readRecord(object.id, id).catch(() => undefined));
      else setError(thrown);
      // What is not open any more is not shown any longer.
      if (record && problemOf(thrown).code === "not_found") {
        for (const queryKey of [SWITCH, ["records"]]) void client.invalidateQueries({ queryKey });
      }
    } finally {
      setBusy(false);
    }
  };
  const noun = recordNoun(object, at);
  return (
    <Drawer
      open
      size={640}
      title={say(record ? "change" : "create", { what: noun })}
      onClose={props.onClose}
      footer={
        <div className="drawer-foot">
          <Button onClick={props.onClose}>{say("cancel")}</Button>
          <Button type="primary" loading={busy} disabled={isEmpty(draft)} onClick={look}>
            {say(present ? "overwrite" : said("doubt").length > 0 ? "anyway" : "save")}
          </Button>
        </div>
      }
    >
      <div className="stack">
        {!isEmpty(kept) && !isEmpty(draft) && (
          <Alert
            showIcon
            type="info"
            title={say("kept")}
            action={
              <Button size="small" onClick={() => change(NOTHING)}>
                {say("discard")}
              </Button>
            }
          />
        )}
        {present && (
          <Conflict
            fields={fields}
            present={present.value}
            draft={draft}
            taken={taken}
            onTaken={setTaken}
          />
        )}
        {!isField && (
          <Refused
            error={error}
            tried={{
              action: record ? "edit" : "create",
              object: object.id,
              ...(record && { record: id }),
            }}
          />
        )}
        {fields.length === 0 && <p className="quiet">{say("noFields")}</p>}
        <Form
          object={object.id}
          fields={fields}
          record={present?.value ?? record?.value}
          draft={draft}
          errors={errors}
          doubts={doubts}
          onDraft={change}
        />
      </div>
    </Drawer>
  );
}
