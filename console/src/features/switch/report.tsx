/** Everything about a window on one page that can be printed: what was asked for, what happened, and what proves it. */
import { PrinterOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { report as words } from "../../i18n/switch-report";
import { useWords } from "../../i18n/words";
import { usePart } from "../../ui/address";
import { PageHeader } from "../../ui/page";
import { Answered } from "../../ui/state";
import { Approvals } from "./approvals";
import { Asked } from "./asked";
import { StepNote } from "./doubt";
import { hasEnded, OfflineNote, RuleNote, StateTag, useSentence } from "./parts";
import { type Shown, useReport, useRequest } from "./queries";
import { Glance } from "./report/glance";
import { Floor, Policy, SelfTested, Suggestions, Unused } from "./report/proof";
import { SignOff } from "./report/sign-off";
import { TimelineEvidence } from "./report/timeline";
import { Against, Used } from "./report/usage";
import { WouldDenied } from "./report/would";
import { useSteps } from "./steps";

export default function ReportScreen() {
  const found = useRequest(usePart("request"));
  return (
    <>
      <OfflineNote of={found} />
      <Answered of={found}>{(shown) => <Page shown={shown} />}</Answered>
    </>
  );
}

export function Part(props: { title: string; children: React.ReactNode }) {
  return (
    <section className="sheet asked document" aria-label={props.title}>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}

function Page(props: { shown: Shown }) {
  const say = useWords(words);
  const sentence = useSentence();
  const { shown } = props;
  const { request } = shown;
  const isOpen = request.state === "open" && !hasEnded(request);
  const found = useReport(request.id, isOpen, request.version);
  const steps = useSteps(shown);
  return (
    <>
      <PageHeader
        title={say("of", { what: sentence(request.wanted) })}
        about={
          <>
            <StateTag of={shown} /> {say("about", { id: request.id })}
          </>
        }
        acts={
          <span className="links noprint">
            <Link to={`/switch/${request.id}` as string}>{say("back")}</Link>
            <Link to={`/switch/${request.id}/undo` as string}>{say("undo")}</Link>
            <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
              {say("print")}
            </Button>
          </span>
        }
      />
      <StepNote steps={steps} />
      <Answered of={found}>
        {(report) => (
          <>
            <Glance report={report} />
            <Part title={say("request")}>
              <Asked shown={shown} />
            </Part>
            <Part title={say("approvals")}>
              <Approvals shown={shown} />
            </Part>
            {report.window ? (
              <>
                <Part title={say("against")}>
                  <Against report={report} />
                </Part>
                <Part title={say("timeline")}>
                  <TimelineEvidence window={report.window} />
                </Part>
                <Part title={say("used")}>
                  <Used window={report.window} />
                </Part>
                <Part title={say("would")}>
                  <WouldDenied window={report.window} />
                </Part>
                <Part title={say("floor")}>
                  <Floor floor={report.floor} />
                </Part>
                <Part title={say("policy")}>
                  <Policy policy={report.window.policy} />
                </Part>
                <Part title={say("selfTest")}>
                  <SelfTested test={report.self_test} />
                </Part>
                <Part title={say("unused")}>
                  <Unused unused={report.unused} />
                </Part>
                <Part title={say("suggestions")}>
                  <Suggestions all={report.suggestions} />
                </Part>
              </>
            ) : (
              <p>{say("notOpened")}</p>
            )}
            <Part title={say("signOff")}>
              <SignOff shown={shown} steps={steps} />
              <RuleNote error={steps.error} />
            </Part>
          </>
        )}
      </Answered>
    </>
  );
}
