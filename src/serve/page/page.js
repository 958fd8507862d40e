"use strict";
// Shows what `mmm watch` sends: the newest movie, its shots, what is wrong, and how far a build is.

const $ = (id) => document.getElementById(id);
const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

let showing = null;   // the last state
let doing = null;     // how far the build is
let away = false;     // the server can't be reached
let front = $("front"), back = $("back");
let chosen = sessionStorage.getItem("output");
let loading = null;   // the movie that is loaded behind the one that plays

const movie = () => showing?.movies.find((m) => m.name === chosen) ?? showing?.movies[0] ?? null;

// --- the place -----------------------------------------------------------------------------------
// A place is a shot and a time in it, so that it stays when shots before it come and go.

function placeOf(time, shots) {
  const shot = shots.findLast((s) => s.start <= time + 1e-3);
  return { time, id: shot?.id ?? null, into: shot ? time - shot.start : 0 };
}

function timeOf(place, movie) {
  const shot = movie.shots.find((s) => s.id === place.id);
  const time = shot ? shot.start + Math.min(place.into, shot.length) : place.time;
  return Math.max(0, Math.min(time, movie.duration - 0.05));
}

function keepPlace() {
  if (front.movie && front.readyState > 0) {
    const place = placeOf(front.currentTime, front.movie.shots);
    sessionStorage.setItem("place", JSON.stringify(place));
  }
}

// --- the player ----------------------------------------------------------------------------------
// The new movie is loaded and wound to the place behind the old one, and then they change places:
// nothing flickers, and what played plays on.

function load(next) {
  if (front.movie?.url === next.url) {
    front.movie = next;
    return;
  }
  if (loading?.url === next.url) {
    return;
  }
  loading = next;
  const behind = back;
  behind.src = next.url;
  behind.onloadedmetadata = () => {
    const kept = front.movie ? placeOf(front.currentTime, front.movie.shots)
                             : JSON.parse(sessionStorage.getItem("place") ?? "null");
    const time = kept ? timeOf(kept, next) : 0;
    behind.onseeked = () => swap(behind, next);
    // A seek to where it is already would never end.
    behind.currentTime = time > 0 ? time : 0.001;
  };
  behind.onerror = () => { if (loading === next) loading = null; };
}

function swap(behind, next) {
  if (loading !== next) return;
  loading = null;
  const old = front;
  const playing = !old.paused && !old.ended;
  behind.onseeked = behind.onloadedmetadata = behind.onerror = null;
  behind.movie = next;
  behind.volume = old.volume;
  behind.playbackRate = old.playbackRate;
  behind.muted = old.movie ? old.muted : false;
  behind.controls = true;
  behind.hidden = false;
  old.hidden = true;
  old.controls = false;
  old.pause();
  [front, back] = [behind, old];
  if (playing) front.play().catch(() => {});
  old.movie = null;
  old.removeAttribute("src");
  old.load();
  $("screen").style.aspectRatio = `${next.width} / ${next.height}`;
  document.documentElement.style.setProperty("--shape", `${next.width} / ${next.height}`);
  tick();
}

function seek(time) {
  front.currentTime = time;
  keepPlace();
}

function tick() {
  const shots = front.movie?.shots;
  if (!shots) return;
  $("head").style.left = `${100 * front.currentTime / front.movie.duration}%`;
  const now = shots.findLastIndex((s) => s.start <= front.currentTime + 1e-3);
  document.querySelectorAll(".shot").forEach((card, i) => card.classList.toggle("is-now", i === now));
}

for (const video of [front, back]) {
  video.addEventListener("timeupdate", () => { if (video === front) { tick(); keepPlace(); } });
}
addEventListener("pagehide", keepPlace);

// --- what is shown -------------------------------------------------------------------------------

function phase() {
  document.body.dataset.phase = away ? "away" : showing?.phase ?? "working";
  const seconds = showing?.seconds;
  const took = seconds == null ? "" : ` in ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const made = (showing?.ran ?? 0) === 0 ? "nothing to run" : `${showing.ran} actions run, ${showing.cached} from the cache`;
  const far = doing && doing.of > 0 ? ` ${doing.done} of ${doing.of}` : "";
  $("words").textContent =
    away ? "mmm watch has stopped" :
    showing.phase === "failed" ? "the build failed" :
    showing.phase === "ready" ? `${showing.profile}${took} · ${made}` :
    `${showing.profile || "draft"}: ${doing?.step ?? "reading"}${far}`;
}

function outputs() {
  const now = movie();
  $("outputs").replaceChildren(...showing.movies.map((m) => {
    const button = document.createElement("button");
    button.textContent = m.name;
    button.setAttribute("aria-pressed", String(m === now));
    button.onclick = () => {
      chosen = m.name;
      sessionStorage.setItem("output", chosen);
      draw();
    };
    return button;
  }));
}

function news(now) {
  const changed = now.shots.map((s, i) => [s, i]).filter(([s]) => s.changed);
  const parts = [];
  if (changed.length > 0) {
    const places = changed.slice(0, 8).map(([, i]) => i + 1).join(", ") + (changed.length > 8 ? " …" : "");
    parts.push(`${changed.length === 1 ? "shot" : "shots"} ${places} changed`);
  }
  if (now.gone.length > 0) parts.push(`removed: ${now.gone.slice(0, 4).join(", ")}${now.gone.length > 4 ? " …" : ""}`);
  const line = $("news");
  line.textContent = "";
  if (parts.length > 0) {
    const b = document.createElement("b");
    b.textContent = parts.join(" · ");
    line.append(b);
  } else if (showing.revision > 1 && showing.phase === "ready") {
    line.textContent = "no shot changed";
  }
}

function strip(now) {
  const blocks = now.shots.map((shot, i) => {
    const block = document.createElement("span");
    block.style.flex = `${shot.length} 1 0`;
    block.className = `${shot.kind}${shot.changed ? " is-changed" : ""}`;
    block.title = `${i + 1}  ${shot.id}`;
    block.onclick = () => seek(shot.start);
    return block;
  });
  $("strip").replaceChildren(...blocks, $("head"));
}

function board(now) {
  const old = new Map([...document.querySelectorAll(".shot")].map((card) => [card.dataset.id, card]));
  $("board").replaceChildren(...now.shots.map((shot, i) => {
    const card = old.get(shot.id) ?? $("card").content.firstElementChild.cloneNode(true);
    card.dataset.id = shot.id;
    const part = (name) => card.querySelector(name);
    const image = part("img");
    if (shot.still && image.getAttribute("src") !== shot.still) image.src = shot.still;
    image.alt = shot.id;
    part(".number").textContent = i + 1;
    part(".time").textContent = `${clock(shot.start)} · ${shot.length.toFixed(1)} s`;
    part(".source").textContent = `\u200e${shot.source}`;
    part(".source").title = shot.source;
    part(".reason").textContent = shot.reason;
    part(".changed").textContent = shot.changed ?? "";
    card.classList.toggle("is-changed", Boolean(shot.changed));
    part("button").onclick = () => seek(shot.start);
    return card;
  }));
}

function complaints() {
  const list = showing.diagnostics;
  const box = $("complaints");
  box.hidden = list.length === 0;
  box.replaceChildren(...list.map((d) => {
    const pre = document.createElement("pre");
    pre.className = d.severity;
    pre.textContent = d.text.trim();
    return pre;
  }));
}

function draw() {
  document.title = `${showing.phase === "failed" ? "✗ " : showing.phase === "working" ? "… " : ""}${showing.spec} · mmm`;
  $("spec").textContent = showing.spec || "mmm";
  phase();
  outputs();
  complaints();
  const now = movie();
  if (now) {
    news(now);
    strip(now);
    board(now);
    load(now);
    tick();
  }
}

const events = new EventSource("/events");
events.addEventListener("showing", (event) => { away = false; showing = JSON.parse(event.data); doing = null; draw(); });
events.addEventListener("doing", (event) => { doing = JSON.parse(event.data); if (showing) phase(); });
events.onerror = () => { away = true; if (showing) phase(); };
