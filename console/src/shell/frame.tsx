/** Rail, header, band and the screen; or the gate, while nobody is signed in. */
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import mark from "../favicon.svg";
import { shell } from "../i18n/shell";
import { useWords } from "../i18n/words";
import { useSession } from "../session";
import { Failed, Loading } from "../ui/state";
import { Band } from "./band";
import { Bar } from "./bar";
import { useFocusBack, useFocusIn } from "./focus";
import { Landing } from "./landing";
import { useNarrow } from "./narrow";
import { Rail } from "./rail";
import { Viewing } from "./viewing";

const Gate = lazy(() => import("./gate"));
const Tour = lazy(() => import("./tour"));

const TOURED = "guan.toured";

export function Frame() {
  const say = useWords(shell);
  const session = useSession();
  const [touring, setTouring] = useState(() => localStorage.getItem(TOURED) === null);
  const navigate = useNavigate();
  const narrow = useNarrow();
  useFocusBack();
  useFocusIn();
  const me = session.data;
  const isIn = me != null && !me.must_change_password;
  const [arriving, setArriving] = useState(false);
  const arrived = useCallback(() => setArriving(false), []);
  useEffect(() => {
    if (me !== undefined && !isIn) setArriving(true);
  }, [me, isIn]);
  // Once it is known who is signed in, a network that goes takes nothing away that stands on the screen.
  if (me === undefined) {
    if (session.isPending) return <Loading />;
    return <Failed error={session.error} retry={() => void session.refetch()} />;
  }
  if (!isIn) {
    return (
      <Suspense fallback={<Loading />}>
        <Gate me={me} />
      </Suspense>
    );
  }
  return (
    <div className={me.view ? "frame asframe" : "frame"}>
      <a className="skip" href="#content">
        {say("skip")}
      </a>
      {!narrow && (
        <aside>
          <Link to="/" className="mark">
            <img src={mark} alt="" />
            <span>
              Guan 关 <small>{say("tagline")}</small>
            </span>
          </Link>
          <Rail />
        </aside>
      )}
      <div className="top">
        <Bar
          me={me}
          narrow={narrow}
          onTour={() => {
            setTouring(true);
            void navigate({ to: "/" });
          }}
        />
        {me.view && <Viewing key={me.view.id} view={me.view} />}
        <Band />
      </div>
      <main id="content" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          {arriving ? <Landing onDone={arrived} /> : <Outlet />}
          {touring && (
            <Tour
              onEnd={() => {
                localStorage.setItem(TOURED, "yes");
                setTouring(false);
              }}
            />
          )}
        </Suspense>
      </main>
    </div>
  );
}
