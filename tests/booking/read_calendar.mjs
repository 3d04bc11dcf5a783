// Reads a calendar from standard input with ical.js, and prints its times in UTC; a second reader beside icalendar.
import { readFileSync } from "node:fs";
import ICAL from "../../node_modules/ical.js/dist/ical.js";

const until = new Date(process.argv[2]);
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const found = [];
for (const component of calendar.getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(component);
  const tell = (start, end) => found.push({
    start: start.toJSDate().toISOString(), end: end.toJSDate().toISOString(), summary: event.summary, place: event.location,
  });
  if (!event.isRecurring()) { tell(event.startDate, event.endDate); continue; }
  const times = event.iterator();
  for (let next = times.next(); next && next.toJSDate() < until; next = times.next()) {
    const { startDate, endDate } = event.getOccurrenceDetails(next);
    tell(startDate, endDate);
  }
}
console.log(JSON.stringify(found));
