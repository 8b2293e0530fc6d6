package engine

import (
	"encoding/json"
	"fmt"
	"time"
)

// maxZone is farther from UTC, in minutes, than any clock on a wall.
const maxZone = 14 * 60

// zone is the clock that a page's reader goes by: whole minutes east of UTC, the
// offset of now. A moment beyond the change to or from summer time is told by it
// too, an hour off the clock of that day. Absent or null, moments are told in UTC
// and say so.
type zone struct{ *time.Location }

// UnmarshalJSON refuses what is no whole number of minutes, or too far.
func (z *zone) UnmarshalJSON(data []byte) error {
	var east *int
	if err := json.Unmarshal(data, &east); err != nil {
		return err
	}
	z.Location = nil
	if east == nil {
		return nil
	}
	if *east < -maxZone || *east > maxZone {
		return fmt.Errorf("zone %d", *east)
	}
	z.Location = time.FixedZone("", *east*60)
	return nil
}

// here is the zone of a call, nil for UTC.
func (z zone) here() *time.Location { return z.Location }
