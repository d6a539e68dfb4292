import { News } from './news';
import { Realtime } from './realtime';

// oxlint-disable-next-line import/no-default-export -- Next asks for it.
export default function Page() {
  return (
    <Realtime>
      <News />
    </Realtime>
  );
}
