package modules

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
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
	return s.writeVersions(v)
}

// writeVersions puts the file in its place whole, for other sessions may read it.
func (s *Session) writeVersions(v versions) error {
	data, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(s.config.Versions), "versions-")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), s.config.Versions)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
