// Starts the page: every part hears what it is about, and the pulse of the workspace makes the page look again.
import { say, shown } from "./api.js";
import { startClock } from "./clock.js";
import { startComposers } from "./composer.js";
import { startConversation } from "./conversation.js";
import { listen } from "./elements.js";
import { startActs } from "./gestures.js";
import { startPopups } from "./popups.js";
import { startModals } from "./modal.js";
import { panel, startSidebar } from "./panels.js";
import { refresh } from "./regions.js";
import { toast } from "./toast.js";
import { startTour } from "./tour.js";
import { startWire } from "./wire.js";

let pulse = null;

// A hidden page lets go of the connection: a browser keeps only six to one address.
function followPulse() {
  if (document.visibilityState !== "visible") {
    pulse?.close();
    pulse = null;
    return;
  }
  pulse ??= new EventSource("/_page/events?as=" + encodeURIComponent(shown.as));
  pulse.onmessage = async () => {
    const answer = await refresh();
    if (answer.error) toast(say("offline"), { wrong: true });
  };
}

// A link to a message leads there as the person one is.
function followPermalinks(event) {
  const link = event.target.closest("a[href]");
  if (!link || link.origin !== location.origin || !link.pathname.startsWith("/archives/")) return;
  event.preventDefault();
  location.assign(`${link.pathname}?as=${encodeURIComponent(shown.as)}`);
}

listen(document.body);
// Before the menus: a shortcut asks which message it stands in, and a menu is taken away when it is chosen in.
startActs();
startPopups();
startSidebar();
startModals();
startConversation();
startComposers();
startClock();
startTour(panel("tour", { store: localStorage, first: true }));
startWire(panel("wire", { store: sessionStorage }));
document.addEventListener("click", followPermalinks);
document.addEventListener("visibilitychange", followPulse);
followPulse();
