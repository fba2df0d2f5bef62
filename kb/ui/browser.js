// What the app needs of the browser and Streamlit does not do by itself. Nothing is fetched and nothing leaves the page.
// 1. A link that stays on its page puts its address into the bar, and Back shows what stood under the former address.
// 2. The tab remembers its name for the server and the person's name, so that both survive a reload or a new server.
// 3. Words that are being typed into a draft are handed over after a short rest, without leaving the field; until the server
//    has drawn them they also stay in the tab's own store, for a reload in the middle of a word.
// 4. A plain link of the page is followed without loading the app anew. Without this script it still opens.
// 5. A tick box of a hit puts it into the tray, which this browser keeps for all its tabs; a Copy button copies.
// 6. Words of a law that are selected can be taken as evidence, those of a text that is coded are offered for a code.
// 7. The link before the bar goes to the results or the text.
// 8. The language is chosen.
// 9. Enter takes from a list of choices what has the words that were typed.
// 10. A new page begins at its top; a document begins at the place that its address names.
// 11. Names that Streamlit gives to parts of its own are said in the language of the page.
const REST = 400; // milliseconds without a key: a pause in typing, not every letter
const LOOK = 300; // milliseconds between two looks for a field whose words were lost: no person waits for it longer
const STANDS = 5; // looks: Streamlit draws what belongs to one answer of the server within a second and a half
const TAB = "kb-tab";
const MOST = 50; // passages of one selection: more than a person reads before giving one code
const TRIES = 5; // answers of the server that may lose the name, one after another
const TYPED = "kb-typed";
const LEFT = "kb-left"; // what was being typed in a tab that was closed
const DAY = 24 * 60 * 60 * 1000; // milliseconds: older words are another day's work, and may be recorded long since
const NAME = "kb-name"; // of the person, for the next tab of this browser
const RETURN = "kb-return";
const TRAY = "kb-tray"; // identifiers of the passages that were picked, and for whom
const DRAFT = "[class*=st-key-draft-]";
// Fields that hold words. What one types into a list of choices only filters it: handing that over would close the list.
const WORDS = ":is([data-testid=stTextInput], [data-testid=stTextArea])";

// Streamlit’s own names of parts, in English in every language; of the first one the beginning, before the name of a field.
const NAMED = {
  "Help for ": "help", "Clear value": "clear", "Clear entry": "clear", "Clear all": "every", "Open": "open",
  "Copy to clipboard": "copy", "Link to heading": "heading", "file upload": "file", "Choose date": "day",
  "Increment": "more", "Decrement": "less",
};
// Its own words that are read on the page: where they stand, what of them, and the name of ours.
const READ = [
  ["[data-testid=stFileUploaderDropzone] button p", /^Upload$/, "upload"],
  ["[data-testid=stFileUploaderDropzoneInstructions] span", /per file/, "each"],
  ["[data-testid=stSkipToContent]", /^Skip to main content$/, "skip"],
  ["[data-testid=stDateInput] [role=spinbutton]", /^yyyy$/, "yyyy"],
  ["[data-testid=stDateInput] [role=spinbutton]", /^dd$/, "dd"],
];
// What it says when the program has stopped, to those who write programs with it; in every language ours stands there.
const AWAY = [
  ["[role=dialog] h2", /^Connection error$/, "away"],
  ["[role=dialog] div", /^Is Streamlit still running\?.*$/, "again"],
];

function away(desk) {
  for (const [where, what, word] of AWAY) {
    for (const part of document.querySelectorAll(where)) {
      const text = part.firstChild;
      if (text?.nodeType !== Node.TEXT_NODE || !what.test(text.data)) continue;
      text.data = desk.words[word];
      const command = part.nextElementSibling;
      if (command?.dataset.testid === "stErrorCodeBlock") command.style.display = "none";
    }
  }
}

// Say them in the language of the page. What is drawn anew has the English name again.
function named(desk) {
  away(desk);
  if (desk.data?.language === "en") return;
  for (const [where, what, word] of READ) {
    for (const part of document.querySelectorAll(where)) {
      const text = part.firstChild; // of one piece; its own node is kept, which Streamlit goes on to write into
      if (text?.nodeType === Node.TEXT_NODE && what.test(text.data)) text.data = text.data.replace(what, desk.words[word]);
    }
  }
  for (const [name, word] of Object.entries(NAMED)) {
    const begins = name.endsWith(" ");
    for (const part of document.querySelectorAll(`[aria-label${begins ? "^" : ""}="${name}"]`)) {
      part.setAttribute("aria-label", desk.words[word] + (begins ? " " + part.getAttribute("aria-label").slice(name.length) : ""));
    }
  }
}

function watchNames(desk) {
  let asked = false;
  new MutationObserver(() => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; named(desk); });
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"] });
}

function stored(name) {
  try { return JSON.parse(sessionStorage.getItem(name) || "null"); } catch { return null; }
}

function store(name, value) {
  sessionStorage.setItem(name, JSON.stringify(value));
}

function remembered() {
  try { return localStorage.getItem(NAME) || ""; } catch { return ""; }
}

function remember(name) {
  try { localStorage.setItem(NAME, name); } catch { /* a browser that keeps nothing asks again */ }
}

// What this browser keeps of the tray, for the same person where people sign in: a browser may be shared.
function keptTray(data) {
  try {
    const kept = JSON.parse(localStorage.getItem(TRAY) || "null");
    return Array.isArray(kept?.ids) && kept.of === data.whose ? kept.ids.filter((id) => typeof id === "string") : [];
  } catch { return []; }
}

// The tray of the server is kept here. A new session has none: it is told what is kept, and nothing is written over meanwhile.
function keepTray(desk, data) {
  if (desk.session !== data.session) {
    desk.session = data.session;
    const kept = keptTray(data);
    desk.telling = kept.length > 0 && !data.trayTold;
    if (desk.telling) desk.tell(kept);
  }
  if (data.trayTold) desk.telling = false;
  if (desk.telling) return;
  try { localStorage.setItem(TRAY, JSON.stringify({ of: data.whose, ids: desk.tray })); } catch { /* kept in the tab alone */ }
}

// Words that were typed when a tab was closed, before the server had drawn them, wait in this browser for the next tab of the
// same person. A reload keeps its words in the tab itself.
function leave(desk) {
  const typed = stored(TYPED) || {}, tab = stored(TAB) || {};
  if (!desk.data || !Object.keys(typed).length) return;
  try { localStorage.setItem(LEFT, JSON.stringify({ of: desk.data.whose, by: tab.by, tab: tab.tab, at: Date.now(), typed })); } catch { /* lost with the tab */ }
}

function left(data) {
  let found = null;
  try { found = JSON.parse(localStorage.getItem(LEFT) || "null"); } catch { return {}; }
  if (!found) return {};
  const tab = stored(TAB);
  if (tab && tab.tab !== found.tab) return {};
  const mine = !tab && found.of === data.whose && (data.accounts || found.by === remembered()) && Date.now() - found.at < DAY;
  if (!tab && !mine) return {};
  localStorage.removeItem(LEFT);
  if (mine) store(TYPED, found.typed);
  return mine ? found.typed : {};
}

function place(field) {
  return [...field.closest(DRAFT).classList].find((name) => name.startsWith("st-key-draft-"));
}

// Words of a page that was reloaded, or whose server ended, before they were drawn go back into their field, however late it
// is drawn. A page that is still being drawn may yet replace them: what stands there for STANDS looks is handed over once more.
function restore(desk) {
  for (const [where, words] of Object.entries(desk.lost)) {
    const field = document.querySelector("." + CSS.escape(where) + " " + WORDS + " :is(textarea, input)");
    if (!field) continue;
    if (field.value === words) {
      desk.stood[where] = (desk.stood[where] || 0) + 1;
      if (desk.stood[where] >= STANDS) { delete desk.lost[where]; desk.hand(field); }
      continue;
    }
    delete desk.lost[where];
    desk.back[where] = words;
    const kind = field.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, words);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// Look for the fields of lost words until none is lost.
function seek(desk) {
  desk.stood = {};
  desk.seeking ??= setInterval(() => {
    restore(desk);
    if (Object.keys(desk.lost).length) return;
    clearInterval(desk.seeking);
    desk.seeking = null;
  }, LOOK);
}

// The address of a plain link within the app, as page and query; null for any other.
function inside(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target.closest?.(".stHtml a[href]");
  if (!link || link.target || link.origin !== location.origin || link.getAttribute("href").startsWith("#")) return null;
  return link;
}

function tick(desk) {
  for (const box of document.querySelectorAll("input[data-pick]")) {
    box.checked = desk.tray.includes(box.dataset.pick);
    box.closest("[data-hit]")?.classList.toggle("k-picked", box.checked);
  }
}

// The words of a selection that stand in one passage, and how many characters of it stand before them.
function part(range, text) {
  const all = document.createRange();
  all.selectNodeContents(text);
  const own = range.cloneRange();
  if (own.compareBoundaryPoints(Range.START_TO_START, all) < 0) own.setStart(all.startContainer, all.startOffset);
  if (own.compareBoundaryPoints(Range.END_TO_END, all) > 0) own.setEnd(all.endContainer, all.endOffset);
  const before = all.cloneRange();
  before.setEnd(own.startContainer, own.startOffset);
  return { part: own.toString(), start: [...before.toString()].length };
}

// Words of a law that are selected can be taken as evidence, those of a text that is coded can get a code: buttons beside
// them hand them over, the first also by the key Q. They go with the selection, and stay beside it while the text scrolls.
// A selection over several passages is one part of each: every passage gets the code.
function offer(desk) {
  document.querySelector(".k-float")?.remove();
  const chosen = getSelection();
  const words = chosen.toString().trim();
  if (!words || !chosen.rangeCount || !desk.quote) return;
  const range = chosen.getRangeAt(0);
  const sheet = range.commonAncestorContainer.parentElement?.closest(".st-key-kb-sheet, .st-key-kb-coded");
  const texts = sheet ? [...sheet.querySelectorAll("[data-text]")].filter((one) => range.intersectsNode(one) && part(range, one).part.trim()) : [];
  if (!texts.length) return;
  const coded = sheet.matches(".st-key-kb-coded");
  const [given, ...more] = texts.slice(0, MOST).map((text) => ({ passage: text.closest("[data-passage]").dataset.passage, words, ...part(range, text) }));
  if (coded) given.more = more;
  const row = document.createElement("div");
  row.className = "k-float";
  for (const as of coded ? ["code"] : ["instrument", "operation", "quote"]) {
    const button = document.createElement("button");
    button.textContent = desk.words[as];
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      desk.quote(JSON.stringify({ ...given, as }));
      row.remove();
      chosen.removeAllRanges(); // done with: else the buttons would come again with the next drawing
    });
    row.append(button);
  }
  document.body.append(row);
  beside(row, range);
}

// Put the buttons under the selected words, within the screen; out of sight where the words are.
function beside(row, range) {
  const box = range.getBoundingClientRect();
  row.style.left = Math.max(8, Math.min(box.left, innerWidth - row.offsetWidth - 8)) + "px";
  row.style.top = Math.max(8, Math.min(box.bottom + 6, innerHeight - row.offsetHeight - 8)) + "px";
  row.hidden = box.bottom < 0 || box.top > innerHeight;
}

async function copy(desk, button) {
  const before = button.textContent;
  try { await navigator.clipboard.writeText(button.dataset.copy); button.textContent = desk.words.copied; } catch { button.textContent = desk.words.refused; }
  setTimeout(() => { button.textContent = before; }, 1500);
}

// Another language: kept in this browser for a year, and the page is drawn anew in it.
function speak(language) {
  document.cookie = `kb-language=${language}; path=/; max-age=31536000; SameSite=Strict`;
  location.reload();
}

// Past the bar and the filters: to the first results, to the text, or to the title of the page.
function skip(event) {
  event.preventDefault();
  const to = [".stMain .k-hits", ".stMain .k-here", ".stMain h1"].map((one) => document.querySelector(one)).find(Boolean);
  if (!to) return;
  to.tabIndex = -1;
  to.focus();
}

// The tab of the page one is on stands in sight where the row of tabs is wider than the screen.
function showTab() {
  for (const tab of document.querySelectorAll(".k-tabs a[aria-current]")) {
    const row = tab.parentElement;
    const beyond = tab.getBoundingClientRect().right - row.getBoundingClientRect().right;
    if (beyond > 0) row.scrollLeft += beyond + 24;
  }
}

function scrollToPlace(desk, moved) {
  const main = document.querySelector("[data-testid=stMain]");
  if (main && moved) main.scrollTo(0, 0);
  const here = document.querySelector(".k-here, .k-spot-here");
  const where = here && location.pathname + location.search + here.textContent.slice(0, 200);
  if (!here) return;
  let box = here.parentElement; // the column that scrolls, or the page where nothing else does
  while (box !== main && !(box.scrollHeight > box.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(box).overflowY))) box = box.parentElement;
  // What is drawn later above a place moves it: it is put right until a person scrolls.
  const stays = desk.shown === where && desk.put && desk.put.box === box && Math.abs(desk.put.top - box.scrollTop) < 2;
  if (desk.shown === where && !stays) return;
  desk.shown = where;
  box.scrollTop += here.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 4;
  desk.put = { box, top: box.scrollTop };
}

function start() {
  const desk = { here: location.pathname + location.search, run: null, asked: null, tries: 0, wrote: false, arrow: null, handed: {}, lost: stored(TYPED) || {}, back: {}, stood: {}, seeking: null };
  document.addEventListener("input", (event) => { // a person's keys, not what Streamlit writes into the field
    if (event.isTrusted && event.target.closest?.(".st-key-kb-who")) desk.wrote = true;
    desk.arrow = null;
  }, true);
  document.addEventListener("keydown", (event) => { if (event.key === "Enter") keepName(event); }, true);
  document.addEventListener("focusout", keepName, true);
  // A list of countries offers first the names that begin with what was typed, and last those that merely have its letters
  // somewhere: one of these is never taken by Enter alone, the list stays open and asks.
  document.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) desk.arrow = event.target;
    const box = event.key === "Enter" && event.target.closest?.("[data-testid=stSelectbox] input[role=combobox]");
    const offered = box && document.getElementById(box.getAttribute("aria-activedescendant") || "");
    if (!offered || !box.value || desk.arrow === box) return;
    if (offered.textContent.toLowerCase().includes(box.value.toLowerCase())) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  window.addEventListener("popstate", (event) => {
    const there = location.pathname + location.search;
    if (there === desk.here) return; // a place on the same page
    event.stopImmediatePropagation();
    desk.here = there;
    location.reload();
  }, true);
  const again = history.replaceState.bind(history);
  for (const name of ["pushState", "replaceState"]) {
    const plain = history[name].bind(history);
    history[name] = (...given) => {
      // For a link that was followed, Streamlit writes the new query behind the old page first, then the page itself: the
      // address in the bar is right already, and one entry is enough for one click.
      const to = given[2] == null ? null : new URL(given[2], location.href);
      if (desk.going && name === "pushState" && to && to.pathname + to.search !== desk.going) return undefined;
      const same = name === "pushState" && to && to.href === location.href;
      const made = (same ? again : plain)(...given);
      desk.here = location.pathname + location.search;
      return made;
    };
  }
  document.addEventListener("click", (event) => {
    if (event.target.matches?.(".k-jump")) return skip(event);
    const spoken = event.target.closest?.("a[data-language]");
    if (spoken) {
      event.preventDefault(); // without this script the link asks the server for it, and comes back
      return speak(spoken.dataset.language);
    }
    const button = event.target.closest?.("button[data-copy], button[data-pick]");
    if (button?.dataset.copy) copy(desk, button);
    else if (button) desk.pick?.(button.dataset.pick);
    const link = inside(event);
    if (!link || !desk.go) return;
    event.preventDefault();
    // The address goes into the bar before Streamlit hears of it: it would write the new query over the old page's entry.
    desk.going = link.pathname + link.search;
    history.pushState(history.state, "", desk.going);
    desk.go(link.pathname + link.search);
  });
  let resting;
  document.addEventListener("selectionchange", () => { clearTimeout(resting); resting = setTimeout(offer, REST, desk); });
  document.addEventListener("scroll", () => {
    const row = document.querySelector(".k-float"), chosen = getSelection();
    if (row && chosen.rangeCount) beside(row, chosen.getRangeAt(0));
  }, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "t" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.matches("input:not([type=checkbox]), textarea")) document.querySelector(".st-key-kb-tray button[data-copy]")?.focus(); // to what was picked
    if (event.key.toLowerCase() === "q" && !event.target.matches("input, textarea")) document.querySelector(".k-float button")?.click();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[data-pick]")) desk.pick?.(event.target.dataset.pick);
  });
  window.addEventListener("storage", (event) => { // picked in another tab
    if (event.key !== TRAY || !desk.data || desk.telling) return;
    const kept = keptTray(desk.data);
    if (JSON.stringify(kept) !== JSON.stringify(desk.tray)) desk.tell(kept);
  });
  const waiting = new Map();
  window.addEventListener("pagehide", () => leave(desk));
  const hand = (field) => {
    waiting.delete(field);
    if (!field.isConnected) return;
    const where = place(field), words = desk.back[where];
    delete desk.back[where];
    if (words !== undefined && field.value !== words) { // put back, and drawn over since
      desk.lost[where] = words;
      return seek(desk);
    }
    desk.handed[where] = desk.run;
    field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  };
  desk.hand = hand;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("textarea, input") || !field.closest(WORDS) || !field.closest(DRAFT)) return;
    store(TYPED, { ...stored(TYPED), [place(field)]: field.value });
    delete desk.handed[place(field)];
    delete desk.lost[place(field)];
    if (event.isTrusted) delete desk.back[place(field)];
    clearTimeout(waiting.get(field));
    waiting.set(field, setTimeout(hand, REST, field));
  }, true);
  return desk;
}

// A name that was typed and ended with Enter, or left, is kept in the tab at once: whoever then goes to another page before the
// server has answered would have to type it again.
function keepName(event) {
  // A field that was merely passed through may not have the name yet that this tab keeps.
  if (!event.isTrusted || !window.kbDesk.wrote || !event.target.matches?.(".st-key-by input")) return;
  const name = event.target.value.trim();
  window.kbDesk.typed = name;
  store(TAB, { ...stored(TAB), by: name, emptied: !name });
}

// Tell the server which tab this is and who writes in it; true while it has not heard it. What was told can be lost: a click in
// the same moment begins a new answer, with the field of the name as it stood before. It is told again, with each answer, TRIES times.
function introduce(desk, data, tell) {
  const known = stored(TAB) || {};
  const name = data.accounts || desk.wrote || known.emptied ? "" : known.by || remembered();
  const strange = known.tab && known.tab !== data.tab;
  if (strange || (name && !data.by)) {
    if (desk.asked !== data.run && desk.tries < TRIES) {
      desk.asked = data.run;
      desk.tries += 1;
      tell({ tab: known.tab || data.tab, by: name, n: desk.tries });
    }
    if (strange || desk.tries < TRIES) return true;
  }
  if (desk.typed && !data.by) return false; // typed, and not in this answer yet: the tab keeps it
  if (data.by && !data.accounts) remember(data.by);
  const emptied = !data.by && (desk.wrote || known.emptied) && !data.accounts;
  if (emptied && desk.wrote) remember("");
  store(TAB, { tab: data.tab, by: data.by || name, emptied });
  return false;
}

export default function ({ data, setStateValue, setTriggerValue }) {
  const desk = (window.kbDesk ??= start());
  if (!desk.named) { desk.named = true; watchNames(desk); }
  desk.pick = (id) => setTriggerValue("pick", id);
  desk.quote = (told) => setTriggerValue("quote", told);
  desk.words = data.words;
  document.documentElement.lang = data.language;
  desk.tray = data.tray || [];
  for (const wait of [0, 100, 400]) setTimeout(tick, wait, desk);
  for (const wait of [0, 300]) setTimeout(showTab, wait);
  desk.go = (to) => setTriggerValue("go", to);
  desk.tell = (ids) => setTriggerValue("tray", JSON.stringify(ids));
  desk.data = data;
  named(desk); // what was drawn before this script came
  if (data.session !== desk.served) { // a new server counts its runs anew, and has nothing of what was handed to the one before
    Object.assign(desk, { served: data.session, run: null, told: null, asked: null, tries: 0, handed: {}, lost: { ...left(data), ...stored(TYPED) } });
  }
  if (!data.signingIn) keepTray(desk, data);
  if (data.run !== desk.run) { // what the server drew now, not what stood here before
    desk.run = data.run;
    desk.going = null;
    const page = data.path + "?" + data.query;
    const criterion = new URLSearchParams(data.query).get("criterion");
    if (desk.criterion !== criterion) document.querySelector(".st-key-kb-panel")?.parentElement.scrollTo(0, 0); // what it asks comes first
    desk.criterion = criterion;
    const moved = desk.page !== undefined && desk.page.split("?")[0] !== data.path;
    desk.page = page;
    for (const wait of [0, 150, 600, 1500]) setTimeout(scrollToPlace, wait, desk, moved && !wait);
    const wanted = new URLSearchParams(data.query).toString();
    if (data.path === location.pathname.split("/").pop() && new URLSearchParams(location.search).toString() !== wanted) {
      history.pushState(history.state, "", location.pathname + (wanted ? "?" + wanted : "") + location.hash);
    }
  }
  if (data.signingIn) return store(RETURN, location.pathname + location.search);
  const back = stored(RETURN); // the page for which one signed in
  if (back) {
    sessionStorage.removeItem(RETURN);
    if (back.startsWith("/") && !back.startsWith("//") && back !== location.pathname + location.search) return location.replace(back);
  }
  if (introduce(desk, data, (known) => setStateValue("tab", known))) return;
  if (data.run === desk.told) return;
  desk.told = data.run;
  const typed = stored(TYPED) || {};
  for (const [where, run] of Object.entries(desk.handed)) {
    if (run === data.run) continue;
    delete typed[where];
    delete desk.handed[where];
  }
  store(TYPED, typed);
  seek(desk);
}
