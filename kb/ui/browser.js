// What the app needs of the browser and Streamlit does not do by itself. Nothing is fetched and nothing leaves the page.
// 1. A link that stays on its page puts its address into the bar, and Back shows what stood under the former address.
// 2. The tab remembers its name for the server and the person's name, so that both survive a reload or a new server.
// 3. Words that are being typed into a draft are handed over after a short rest, without leaving the field.
const REST = 400; // milliseconds without a key: a pause in typing, not every letter
const TAB = "kb-tab";

function remembered() {
  try { return JSON.parse(sessionStorage.getItem(TAB) || "null"); } catch { return null; }
}

function start() {
  const desk = { here: location.pathname + location.search, run: null, adopted: false };
  window.addEventListener("popstate", (event) => {
    const there = location.pathname + location.search;
    if (there === desk.here) return; // a place on the same page
    event.stopImmediatePropagation();
    desk.here = there;
    location.reload();
  }, true);
  for (const name of ["pushState", "replaceState"]) {
    const plain = history[name].bind(history);
    history[name] = (...given) => {
      const made = plain(...given);
      desk.here = location.pathname + location.search;
      return made;
    };
  }
  const waiting = new Map();
  const hand = (field) => {
    waiting.delete(field);
    if (field.isConnected) field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  };
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("textarea, input:not([type]), input[type=text]") || !field.closest("[class*=st-key-draft-]")) return;
    clearTimeout(waiting.get(field));
    waiting.set(field, setTimeout(hand, REST, field));
  }, true);
  return desk;
}

export default function ({ data, setStateValue }) {
  const desk = (window.kbDesk ??= start());
  if (data.run !== desk.run) { // what the server drew now, not what stood here before
    desk.run = data.run;
    const wanted = new URLSearchParams(data.query).toString();
    if (data.path === location.pathname.split("/").pop() && new URLSearchParams(location.search).toString() !== wanted) {
      history.pushState(history.state, "", location.pathname + (wanted ? "?" + wanted : "") + location.hash);
    }
  }
  const known = remembered();
  if (known && known.tab !== data.tab) {
    if (!desk.adopted) setStateValue("tab", known);
    desk.adopted = true;
    return;
  }
  sessionStorage.setItem(TAB, JSON.stringify({ tab: data.tab, by: data.by }));
}
