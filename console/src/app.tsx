/** The shell around all screens, the table of routes, and what catches a fault of a screen. */
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  RouterProvider,
} from "@tanstack/react-router";
import { onSignedOut } from "./api/client";
import { queries } from "./api/query";
import { screens } from "./screens";
import { Frame } from "./shell/frame";
import { Provided } from "./shell/provided";
import { Failed, Loading, Missing } from "./ui/state";

const root = createRootRoute({
  component: Frame,
  notFoundComponent: () => <Missing />,
  errorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
});

const routes = screens.map((screen) =>
  createRoute({
    getParentRoute: () => root,
    path: screen.path,
    component: lazyRouteComponent(screen.load),
  }),
);

/** Addresses hold plain text: `?q=007` stays text, and reads the same in a mail. */
const router = createRouter({
  routeTree: root.addChildren(routes),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const said = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
    const text = new URLSearchParams(said as [string, string][]).toString();
    return text && `?${text}`;
  },
  defaultPendingComponent: Loading,
  defaultPreload: "intent",
  scrollRestoration: true,
});

onSignedOut(() => queries.setQueryData(["me"], null));

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Provided>
        <RouterProvider router={router} />
      </Provided>
    </QueryClientProvider>
  );
}
