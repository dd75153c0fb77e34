/** One request from its draft to its review: where it is, what comes next, and what may be done by whoever looks. */
import { Alert, Tabs } from "antd";
import { request as words } from "../../i18n/switch-request";
import { useWords } from "../../i18n/words";
import { useAddress, usePart } from "../../ui/address";
import { Brief } from "../../ui/brief";
import { PageHeader } from "../../ui/page";
import { Answered } from "../../ui/state";
import { Acts } from "./acts";
import { Approvals } from "./approvals";
import { Asked } from "./asked";
import { StepNote } from "./doubt";
import { History } from "./history";
import { Live } from "./live";
import { Next } from "./next";
import { hasEnded, Mark, OfflineNote, StateTag, useSentence } from "./parts";
import { PreviewOf } from "./preview";
import { type Shown, useRequest } from "./queries";
import { Stages } from "./stages";
import { useSteps } from "./steps";
import { Timer } from "./timer";

export default function RequestScreen() {
  const id = usePart("request");
  const found = useRequest(id);
  return (
    <>
      <OfflineNote of={found} />
      <Answered of={found}>
        {(shown) => <Page key={id} shown={shown} asOf_ms={found.dataUpdatedAt} />}
      </Answered>
    </>
  );
}

function Page(props: { shown: Shown; asOf_ms: number }) {
  const say = useWords(words);
  const sentence = useSentence();
  const { shown } = props;
  const { request } = shown;
  const steps = useSteps(shown);
  return (
    <>
      <div className="stuck">
        <PageHeader
          title={sentence(request.wanted)}
          about={
            <>
              <StateTag of={shown} /> <Mark of={shown} /> <Brief>{request.wanted.reason}</Brief>
            </>
          }
          acts={<Acts shown={shown} steps={steps} />}
        />
      </div>
      {shown.soundness !== "whole" && (
        <Alert showIcon type="error" className="gap" title={say("forged")} />
      )}
      <StepNote steps={steps} />
      <Stages state={request.state} emergency={request.wanted.urgency === "emergency"} />
      <div className="asking">
        <div>
          <Next shown={shown} steps={steps} />
          <Details shown={shown} />
        </div>
        <aside>
          <Timer shown={shown} asOf_ms={props.asOf_ms} />
          <Approvals shown={shown} />
        </aside>
      </div>
    </>
  );
}

function Details(props: { shown: Shown }) {
  const say = useWords(words);
  const [search, go] = useAddress();
  const { shown } = props;
  const { request } = shown;
  const isOpen = request.opened != null;
  const items = [
    ...(isOpen
      ? [
          {
            key: "live",
            label: say("live"),
            children: (
              <Live shown={shown} isOpen={request.state === "open" && !hasEnded(request)} />
            ),
          },
        ]
      : []),
    ...(request.preview
      ? [{ key: "preview", label: say("preview"), children: <PreviewOf shown={shown} /> }]
      : []),
    { key: "request", label: say("request"), children: <Asked shown={shown} /> },
    { key: "timeline", label: say("timeline"), children: <History request={request} /> },
  ];
  const known = items.some(({ key }) => key === search.tab);
  return (
    <div className="sheet tabs">
      <Tabs
        items={items}
        activeKey={(known ? search.tab : items[0]?.key) ?? "request"}
        destroyOnHidden
        onChange={(tab) => go({ tab }, "replace")}
      />
    </div>
  );
}
