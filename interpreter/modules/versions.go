package modules

import (
	"encoding/json"
	"maps"
	"os"
	"strings"
)

// versions are those in which modules were used last, by their paths.
type versions map[string]string

// remembered reads them. They are a convenience: what cannot be read is as good as empty.
func (s *Session) remembered() versions {
	v := versions{}
	if data, err := os.ReadFile(s.config.Versions); err == nil {
		if json.Unmarshal(data, &v) != nil {
			return versions{}
		}
	}
	return v
}

// query is what has to follow a package's path to get it in the version that was used before: that of
// the innermost module that may have it.
func (v versions) query(importPath string) string {
	for path := importPath; ; {
		if version := v[path]; version != "" {
			return "@" + version
		}
		at := strings.LastIndexByte(path, '/')
		if at < 0 {
			return ""
		}
		path = path[:at]
	}
}

// remember keeps the versions of packages.
func (s *Session) remember(packages []Package) error {
	if s.config.Versions == "" {
		return nil
	}
	old := s.remembered()
	v := maps.Clone(old)
	for _, p := range packages {
		if p.Module != nil && !p.Local() && p.Module.Replace == nil {
			v[p.Module.Path] = p.Module.Version
		}
	}
	if maps.Equal(v, old) {
		return nil
	}
	data, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		return err
	}
	return writeWhole(s.config.Versions, data)
}
