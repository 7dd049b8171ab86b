// Prints the generated reference pages as JSON {path: text}; tools/generate/main.ts writes or compares them.
import { configurationPage } from './configuration-page';
import { eventsPage } from './events-page';

const pages = { 'docs/configuration.md': configurationPage(), 'docs/events.md': eventsPage() };

process.stdout.write(JSON.stringify(pages));
