/** What a window would change: people × records × fields, the largest gain, samples, what stays closed, what was refused. */
import { Alert } from "antd";
import { fieldName } from "../../i18n/fields";
import { masks } from "../../i18n/masks";
import { actionWord } from "../../i18n/switch-acts";
import { preview as words } from "../../i18n/switch-preview";
import { useLanguage, useWords } from "../../i18n/words";
import { useNamed } from "../../ui/named";
import { PersonTag } from "../../ui/person";
import { Answered } from "../../ui/state";
import { useTitles } from "../../ui/titles";
import { byAction, Change, sum } from "./amounts";
import { Denials } from "./denials";
import type { PersonPreview, Preview } from "./documents";
import { at, useObjectName } from "./parts";
import { type Shown, useNames, usePreview } from "./queries";
import { Samples } from "./touched";
import { WideTable } from "./wide";

export function PreviewOf(props: { shown: Shown }) {
  const found = usePreview(props.shown);
  return <Answered of={found}>{(preview) => <PreviewDocument preview={preview} />}</Answered>;
}

export function PreviewDocument(props: { preview: Preview }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const object = useObjectName();
  const nameOf = useNames();
  const { preview } = props;
  const { largest } = preview;
  const tiles: [name: string, value: React.ReactNode, why?: string | undefined][] = [
    [
      say("concerned"),
      preview.concerned.toLocaleString(),
      preview.gaining == null
        ? undefined
        : `${preview.gaining} ${say("gaining")}${preview.losing ? ` · ${preview.losing} ${say("losing")}` : ""}`,
    ],
    [
      say("records"),
      <Change
        key="records"
        of={sum(preview.objects.map(({ actions }) => byAction(actions, "read")))}
      />,
      say("recordsWhy"),
    ],
    [
      say("fields"),
      <Change key="fields" of={sum(preview.objects.map(({ readable }) => readable))} />,
      say("fieldsWhy"),
    ],
    [
      say("changes"),
      <Change key="changes" of={sum(preview.objects.map(({ changeable }) => changeable))} />,
      say("fieldsWhy"),
    ],
  ];
  return (
    <div className="document">
      <Alert
        type={preview.mode === "exact" ? "info" : "warning"}
        showIcon
        title={preview.mode === "exact" ? say("exact") : say("estimated", { n: preview.looked_at })}
        description={say("madeAt", { at: at(preview.at), n: preview.revision })}
      />
      <div className="tiles">
        {tiles.map(([name, value, why]) => (
          <div key={name} className="tile inner">
            <span className="quiet">{name}</span>
            <b className="number">{value}</b>
            {why && <span className="quiet">{why}</span>}
          </div>
        ))}
      </div>
      {largest && (
        <p>
          <strong>{say("largest")}</strong>{" "}
          {say("largestSays", {
            user: nameOf(largest.user) ?? largest.user,
            action: actionWord(largest.action, language),
            n: largest.records.toLocaleString(),
            object: object(largest.object),
          })}
          {largest.error != null && ` ${say("error", { n: largest.error })}`}
        </p>
      )}
      {preview.objects.length === 0 ? <p>{say("nothing")}</p> : <Objects preview={preview} />}
      {preview.people.length > 0 && <People preview={preview} />}
      <Closed preview={preview} />
      <Denials denials={preview.denials} />
    </div>
  );
}

function useActions(all: readonly { actions: readonly { action: string }[] }[]): string[] {
  return [...new Set(all.flatMap(({ actions }) => actions.map(({ action }) => action)))];
}

function Objects(props: { preview: Preview }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const object = useObjectName();
  const { objects } = props.preview;
  return (
    <>
      <h3 className="part">{say("byObject")}</h3>
      <WideTable
        label={say("byObject")}
        rowKey="object"
        dataSource={objects}
        columns={[
          { key: "object", title: say("object"), render: (_, row) => object(row.object) },
          {
            key: "all",
            title: say("inAll"),
            align: "right",
            render: (_, row) => <span className="number">{row.records.toLocaleString()}</span>,
          },
          ...useActions(objects).map((action) => ({
            key: action,
            title: actionWord(action, language),
            align: "right" as const,
            render: (_: unknown, row: Preview["objects"][number]) => (
              <Change of={byAction(row.actions, action)} />
            ),
          })),
          {
            key: "readable",
            title: say("readable"),
            align: "right",
            render: (_, row) => <Change of={row.readable} />,
          },
          {
            key: "changeable",
            title: say("changeable"),
            align: "right",
            render: (_, row) => <Change of={row.changeable} />,
          },
        ]}
      />
    </>
  );
}

/** One row for each person and object. */
export function flat(people: readonly PersonPreview[]) {
  return people.flatMap(({ user, objects }) =>
    objects.map((one) => ({
      ...one,
      user,
      samples: [...new Set(one.actions.flatMap(({ gained_samples }) => gained_samples ?? []))],
    })),
  );
}

const SAMPLES_MAX = 3;

const sampled = ({ object, samples }: ReturnType<typeof flat>[number]) =>
  samples.slice(0, SAMPLES_MAX).map((record) => ({ object, record }));

function People(props: { preview: Preview }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const object = useObjectName();
  const nameOf = useNames();
  const { people, people_left_off } = props.preview;
  const rows = flat(people);
  const titles = useTitles(rows.flatMap(sampled));
  return (
    <>
      <h3 className="part">{say("people")}</h3>
      <WideTable
        label={say("people")}
        rowKey={(row) => `${row.user} ${row.object}`}
        pagination={rows.length > 10 ? { pageSize: 10, showSizeChanger: false } : false}
        dataSource={rows}
        columns={[
          {
            key: "user",
            title: say("person"),
            render: (_, row) => <PersonTag id={row.user} name={nameOf(row.user)} />,
          },
          { key: "object", title: say("object"), render: (_, row) => object(row.object) },
          ...useActions(rows).map((action) => ({
            key: action,
            title: actionWord(action, language),
            align: "right" as const,
            render: (_: unknown, row: (typeof rows)[number]) => (
              <Change of={byAction(row.actions, action)} />
            ),
          })),
          {
            key: "samples",
            title: say("samples"),
            render: (_, row) => (
              <>
                <Samples of={sampled(row)} titles={titles} />
                {row.may_create && say("mayCreate")}
              </>
            ),
          },
        ]}
      />
      {(people_left_off ?? 0) > 0 && (
        <p className="quiet">{say("peopleLeft", { n: people_left_off ?? 0 })}</p>
      )}
    </>
  );
}

function Closed(props: { preview: Preview }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const classWord = useNamed(masks);
  const object = useObjectName();
  const { closed_fields, overlapping } = props.preview;
  return (
    <>
      <h3 className="part">{say("closed")}</h3>
      {closed_fields.length === 0 ? (
        <p className="quiet">{say("closedNone")}</p>
      ) : (
        <>
          <p className="quiet">{say("closedWhy")}</p>
          <ul className="plain">
            {closed_fields.map((one) => (
              <li key={`${one.object}.${one.field}`}>
                {object(one.object)} · {fieldName(one.field, "", language)}{" "}
                <small className="code quiet">{one.field}</small>{" "}
                {one.class && <span className="quiet">{classWord(one.class)}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
      <h3 className="part">{say("overlaps")}</h3>
      {overlapping.length === 0 && <p className="quiet">{say("overlapsNone")}</p>}
      <ul className="plain">
        {overlapping.map((one) => (
          <li key={one.id}>
            <span className="code">{one.id}</span>{" "}
            {say("overlapSays", { at: at(one.ends), reason: one.reason })}
          </li>
        ))}
      </ul>
    </>
  );
}
