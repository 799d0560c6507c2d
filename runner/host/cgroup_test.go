package host

import "testing"

func TestCPUQuota(t *testing.T) {
	t.Parallel()
	const v2, v1 = "sys/fs/cgroup/", "sys/fs/cgroup/cpu/"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"none", nil, ""},
		{"root", map[string]string{"proc/self/cgroup": "0::/\n", v2 + "cpu.max": "max 100000\n"}, "max 100000"},
		{"own", map[string]string{
			"proc/self/cgroup":                        "0::/system.slice/bench.service\n",
			v2 + "system.slice/bench.service/cpu.max": "150000 100000\n", v2 + "system.slice/cpu.max": "max 100000\n",
		}, "150000 100000"},
		{"of a parent, tighter in another period", map[string]string{
			"proc/self/cgroup": "0::/a/b\n", v2 + "a/b/cpu.max": "50000 20000\n", v2 + "a/cpu.max": "100000 100000\n",
		}, "100000 100000"},
		{"out of the namespace", map[string]string{"proc/self/cgroup": "0::/../../x\n", v2 + "x/cpu.max": "1000 2000\n"}, "1000 2000"},
		{"version 1", map[string]string{
			"proc/self/cgroup":               "2:cpuacct,cpu:/docker/1\n1:name=systemd:/\n0::/\n",
			v1 + "docker/1/cpu.cfs_quota_us": "200000\n", v1 + "docker/1/cpu.cfs_period_us": "100000\n",
			v1 + "cpu.cfs_quota_us": "-1\n", v1 + "cpu.cfs_period_us": "100000\n",
		}, "200000 100000"},
		{"version 1, mounted at its own root", map[string]string{
			"proc/self/cgroup": "2:cpu:/docker/1\n", v1 + "cpu.cfs_quota_us": "-1\n", v1 + "cpu.cfs_period_us": "100000\n",
		}, "max 100000"},
		{"garbage", map[string]string{"proc/self/cgroup": "x\n:\n0::\n", v2 + "cpu.max": "max\n"}, ""},
	} {
		if got := cpuQuota(files(c.files)).String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
