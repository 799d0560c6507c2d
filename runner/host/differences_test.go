package host

import (
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func someHost() Fingerprint {
	return Fingerprint{
		Hostname: "a", OS: "linux", Arch: "amd64", Kernel: "6.1", KernelOptions: "nosmt", CPU: "Example", CPUs: 4, Cores: 2, Hypervisor: true,
		Affinity: "0-3", GOMAXPROCS: 4, Governor: "performance", Boost: "0", SMT: "on", Isolated: "2-3", Clocksource: "tsc",
		HugePages: "madvise", CPUQuota: "max 100000", Mitigations: map[string]string{"spectre_v2": "Mitigation: Retpolines"},
		Sysctls: map[string]string{"net.core.somaxconn": "4096"}, OpenFiles: 1024,
		Go: "go1.26", Revision: "abc", BuildID: "x", GoSettings: map[string]string{"GOGC": "100"},
		Load: 1, ClockCost: 50, ShortestSleep: 60 * time.Microsecond,
	}
}

// TestDifferencesMissNoField changes each field of a fingerprint in turn, so that
// a new one cannot be forgotten.
func TestDifferencesMissNoField(t *testing.T) {
	t.Parallel()
	fields := reflect.TypeFor[Fingerprint]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		changed := someHost()
		switch v := reflect.ValueOf(&changed).Elem().Field(i); v.Kind() {
		case reflect.String:
			v.SetString("another")
		case reflect.Bool:
			v.SetBool(!v.Bool())
		case reflect.Int, reflect.Int64:
			v.SetInt(v.Int() + 1)
		case reflect.Uint64:
			v.SetUint(v.Uint() + 1)
		case reflect.Float64:
			v.SetFloat(v.Float() + 1)
		case reflect.Map:
			m := maps.Clone(v.Interface().(map[string]string))
			for key := range m {
				m[key] = "another"
			}
			v.Set(reflect.ValueOf(m))
		default:
			t.Fatalf("field %s has a kind that this test does not know", name)
		}
		want := 1
		if name == "Load" || name == "ClockCost" || name == "ShortestSleep" {
			want = 0 // they change from minute to minute
		}
		if got := Differences(someHost(), changed); len(got) != want {
			t.Errorf("%s: %d differences, want %d: %+v", name, len(got), want, got)
		}
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	a, b := someHost(), someHost()
	b.Hostname, b.CPU, b.Go = "b", "Other", "go1.27"
	b.Mitigations = map[string]string{"meltdown": "Mitigation: PTI", "spectre_v2": "Mitigation: Retpolines"}
	b.Sysctls = map[string]string{"net.core.somaxconn": "128", "net.ipv4.tcp_tw_reuse": "2"}
	b.GoSettings = nil
	b.BuildID, b.Affinity = "", "" // not told
	b.SMT = ""
	var names []string
	for _, d := range Differences(a, b) {
		names = append(names, d.Name)
		if d.Matters == "" != (d.Name == "host name") || d.Matters != "" && !strings.HasSuffix(d.Matters, ".") {
			t.Errorf("%s matters: %q", d.Name, d.Matters)
		}
	}
	want := []string{"CPU", "SMT", "mitigation of meltdown", "Go", "GOGC", "net.core.somaxconn", "host name"}
	if d := cmp.Diff(want, names); d != "" {
		t.Errorf("differences (-want +got):\n%s", d)
	}
	if got := Differences(a, a); got != nil {
		t.Errorf("differences with itself: %+v", got)
	}
}
